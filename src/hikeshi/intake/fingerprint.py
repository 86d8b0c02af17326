"""What makes two alerts one thing: 128 bits over whose it is, where it comes from and what the source knows it by."""

from hashlib import blake2b

import msgspec

from hikeshi.intake.normalise import Finding

_encode = msgspec.json.Encoder(order="deterministic").encode


def fingerprint(finding: Finding, organisation: int, world: str) -> str:
    """32 hex digits. A finding without any identity of its own is known by its title, host and user.

    Empty labels do not count, as in Alertmanager: absent and empty are the same thing.
    """
    identity: list[object] = [_without_empty(value) for value in finding.identity]
    if not any(identity):
        identity = [
            finding.title,
            _at(finding, "device", "hostname") or _at(finding, "device", "ip"),
            _at(finding, "actor", "user", "name"),
        ]
    key = [organisation, world, finding.source, finding.follows or finding.shape, identity]
    return blake2b(_encode(key), digest_size=16).hexdigest()


def _without_empty(value: object) -> object:
    if type(value) is dict:
        return {key: item for key, item in value.items() if item is not None and item != ""}
    return "" if value is None else value


def _at(finding: Finding, *keys: str) -> object:
    value: object = finding.normal
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
