"""The names of the normal form that a rule may ask for, and which of them somebody probably meant. Pure."""

from difflib import get_close_matches
from typing import Final

from hikeshi.intake.sources import ocsf

OWN: Final = "unmapped"
"""What a source says beyond the normal form stands below this name, in the source's own words."""
ROOTS: Final = frozenset(
    {"action", "activity_id", "actor", "cloud", "connection_info", "count", "device", "dst_endpoint", "evidences"}
    | {"finding_info", "metadata", "observables", "resources", "risk_score", "severity_id", "src_endpoint"}
    | {"status_id", "time", OWN, "malware", "enrichments"}
)
_FRAME = frozenset(
    {"activity_id", "category_uid", "class_uid", "evidences", "first_seen_time", "last_seen_time", "log_provider"}
    | {"observables", "severity_id", "status_id", "tactic", "technique", "time", "type_id", "type_uid", "value"}
    | {"class", "confidence", "data", "due", "origin", "own", "provider", "ransomware", "sort", "tlp"}
    | {"alerts", "asset", "criticality", "first", "kind", "last", "owner", "place", "team"}
)
_PARTS = ocsf.NAMES | _FRAME | ROOTS
COMMON: Final = (
    "finding_info.title",
    "finding_info.types",
    "finding_info.analytic.name",
    "finding_info.analytic.uid",
    "finding_info.analytic.category",
    "finding_info.attacks.technique.uid",
    "finding_info.desc",
    "finding_info.uid",
    "severity_id",
    "status_id",
    "risk_score",
    "action",
    "count",
    "device.hostname",
    "device.ip",
    "device.uid",
    "device.type",
    "actor.user.name",
    "actor.user.domain",
    "actor.user.email_addr",
    "src_endpoint.ip",
    "src_endpoint.port",
    "src_endpoint.hostname",
    "src_endpoint.location.country",
    "dst_endpoint.ip",
    "dst_endpoint.port",
    "dst_endpoint.hostname",
    "connection_info.protocol_name",
    "connection_info.direction",
    "evidences.process.name",
    "evidences.process.cmd_line",
    "evidences.file.name",
    "evidences.file.path",
    "evidences.file.hash",
    "evidences.url.url_string",
    "evidences.email.from",
    "evidences.email.subject",
    "observables.value",
    "enrichments.type",
    "enrichments.value",
    "enrichments.provider",
    "enrichments.data.class",
    "enrichments.data.confidence",
    "enrichments.data.asset",
    "enrichments.data.criticality",
    "enrichments.data.team",
    "enrichments.data.place",
    "enrichments.data.alerts",
    "enrichments.data.sort",
    "cloud.provider",
    "cloud.region",
    "cloud.account.uid",
    "resources.uid",
    "resources.type",
    "metadata.product.name",
    "metadata.labels",
    "metadata.log_provider",
    "metadata.event_code",
)
_ELSEWHERE: Final = {
    "commandline": "evidences.process.cmd_line",
    "image": "evidences.process.name",
    "computer": "device.hostname",
    "computername": "device.hostname",
    "host": "device.hostname",
    "hostname": "device.hostname",
    "user": "actor.user.name",
    "username": "actor.user.name",
    "targetusername": "actor.user.name",
    "sourceip": "src_endpoint.ip",
    "src_ip": "src_endpoint.ip",
    "source.ip": "src_endpoint.ip",
    "destinationip": "dst_endpoint.ip",
    "dst_ip": "dst_endpoint.ip",
    "dest_ip": "dst_endpoint.ip",
    "destination.ip": "dst_endpoint.ip",
    "destinationport": "dst_endpoint.port",
    "hashes": "evidences.file.hash",
    "targetfilename": "evidences.file.path",
    "eventid": "metadata.event_code",
    "severity": "severity_id",
    "title": "finding_info.title",
    "name": "finding_info.title",
    "message": "finding_info.desc",
    "description": "finding_info.desc",
    "rule": "finding_info.analytic.name",
    "source": "metadata.log_provider",
    "url": "evidences.url.url_string",
}
"""What Sigma rules for logs, ECS and detectors call it."""


def known(name: str) -> bool:
    root, _, below = name.partition(".")
    if root == OWN:
        return bool(below)
    return root in ROOTS and all(part in _PARTS for part in below.split(".") if below)


def nearest(name: str) -> str:
    """The name that was probably meant; empty where nothing comes close."""
    wanted = name.lower()
    if wanted in _ELSEWHERE:
        return _ELSEWHERE[wanted]
    found = get_close_matches(wanted, COMMON, n=1, cutoff=0.6)
    if found:
        return found[0]
    last = wanted.rpartition(".")[2]
    same_end = [one for one in COMMON if one.rpartition(".")[2] == last]
    return same_end[0] if same_end else ""
