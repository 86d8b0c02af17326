"""What the site knows of the things an alert names, said in it as OCSF's enrichments, before it is judged: rules may
ask for it. Nothing leaves the machine. Costs some eight small queries a batch at most, whatever the number of its
alerts.
"""

import ipaddress
import socket
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache, lru_cache
from typing import Final

from hikeshi.accounts.models import Organisation
from hikeshi.assets.intelligence.catalogues import CVE, Known
from hikeshi.assets.queries import intelligence
from hikeshi.assets.queries.intelligence import Hit
from hikeshi.assets.queries.knowing import Ours, ours
from hikeshi.intake.normalise import Finding
from hikeshi.intake.preparing import Prepared, Sighting
from hikeshi.intake.queries import seeing
from hikeshi.intake.sources.observables import Observable

MOST: Final = 40
"""Enrichments of one alert: what names more things is a flood, and its first ones count."""
_CGNAT: Final = ipaddress.ip_network("100.64.0.0/10")
_DOCUMENTATION: Final = tuple(
    ipaddress.ip_network(one) for one in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
)
_IPV4: Final = tuple(
    ipaddress.IPv4Network(one)
    for one in (
        *("0.0.0.0/0", "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.0.0/29", "192.0.0.8/32", "192.0.0.9/32", "192.0.0.10/32", "192.0.0.170/31"),
        *("192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32"),
    )
)
"""IANA's registry of IPv4 special-purpose addresses, and multicast: only at their edges may the kind change."""
_CVE_PLACES: Final = ("uid", "name")
Hits = Mapping[tuple[str, str], list[Hit]]
Assets = Mapping[tuple[str, str], Sequence[Ours]]


class Type(StrEnum):
    """``enrichments.type``."""

    INDICATOR = "indicator"
    ADDRESS = "address"
    OWN_DOMAIN = "own_domain"
    EXPLOITED = "exploited"
    TECHNIQUE = "technique"
    ASSET = "asset"
    SIGHTING = "sighting"  # earlier alerts of the same organisation named it


_ADDRESS, _SIGHTING = Type.ADDRESS.value, Type.SIGHTING.value  # to ask a member of an enum costs a call


class Reach(StrEnum):
    """``enrichments.data.class`` of an address."""

    PUBLIC = "public"
    PRIVATE = "private"
    SHARED = "shared"  # behind a carrier's NAT
    DOCUMENTATION = "documentation"
    LOOPBACK = "loopback"
    LINK = "link_local"
    MULTICAST = "multicast"
    RESERVED = "reserved"


def enrich(batch: Sequence[Prepared]) -> None:
    """Says it in the normal forms themselves."""
    sightings = [(one, each) for one in batch for each in one.sightings]
    if not sightings:
        return
    known = intelligence.known()
    seen = {(one["type"], one["value"]): None for _, each in sightings for one in each.finding.observables}
    hits, assets = intelligence.hits(seen.keys()), ours(seen.keys())
    paths = dict(Organisation.objects.values_list("pk", "path").order_by()) if hits or assets else {}
    for prepared, sighting in sightings:
        _say(sighting, known, hits, assets, paths.get(prepared.item.organisation_id, ""))
    _say_seen(sightings)


def _say(sighting: Sighting, known: Known, hits: Hits, assets: Assets, path: str) -> None:
    finding = sighting.finding
    told = list(_listed(finding, hits, assets, path)) if hits or assets else []
    if known.weaknesses or known.techniques:
        told += _catalogued(finding, known)
    for one in finding.observables:
        said = _of_itself(one["type"], one["value"], known)
        if said is not None:
            told.append(said)
    if told:
        finding.normal["enrichments"] = told[:MOST]


def _listed(finding: Finding, hits: Hits, assets: Assets, path: str) -> Iterator[dict[str, object]]:
    things = [(one, (one["type"], one["value"])) for one in finding.observables]
    for one, thing in things:
        yield from (_indicator(one, hit) for hit in hits.get(thing, ()) if path.startswith(hit.below))
    for one, thing in things:
        yield from (_asset(one, asset) for asset in assets.get(thing, ()) if asset.near(path))


def _say_seen(sightings: Sequence[tuple[Prepared, Sighting]]) -> None:
    """How often earlier alerts named what this one names; those of restricted records are not counted."""
    places = [(one.item.organisation_id, each) for one, each in sightings]
    before = seeing.before((place, each.finding.observables) for place, each in places)
    if not before:
        return
    for place, sighting in places:
        normal = sighting.finding.normal
        held = normal.get("enrichments")
        told = held if isinstance(held, list) else []
        for one in sighting.finding.observables:
            found = before.get((place, one["type"], one["value"]))
            alerts = 0 if found is None else found.but(sighting.fingerprint)
            if found is not None and alerts:
                told.append(_sighting(one, found, alerts))
        if told:
            normal["enrichments"] = told[:MOST]


def _sighting(one: Observable, found: seeing.Before, alerts: int) -> dict[str, object]:
    data: dict[str, object] = {"alerts": alerts, "first": found.first_at}
    if found.last_at and alerts == found.alerts:
        data["last"] = found.last_at
    return {"name": one["type"], "value": one["value"], "type": _SIGHTING, "data": data}


def _asset(one: Observable, asset: Ours) -> dict[str, object]:
    data = {"asset": asset.name, "uid": str(asset.uuid), "kind": asset.kind, "criticality": asset.criticality}
    more = {"owner": asset.owner, "team": asset.team, "place": asset.place}
    return {
        "name": one["type"],
        "value": one["value"],
        "type": Type.ASSET.value,
        "data": {**data, **{name: said for name, said in more.items() if said}},
    }


def _indicator(one: Observable, hit: Hit) -> dict[str, object]:
    data: dict[str, object] = {"sort": hit.sort, "indicator": hit.value, "tlp": hit.tlp}
    if hit.confidence is not None:
        data["confidence"] = hit.confidence
    if hit.until is not None:
        data["until"] = hit.until.date().isoformat()
    if hit.origin:
        data["origin"] = hit.origin
    return {
        "name": one["type"],
        "value": one["value"],
        "type": Type.INDICATOR.value,
        "provider": hit.title,
        "data": data,
    }


def _catalogued(finding: Finding, known: Known) -> Iterator[dict[str, object]]:
    info = finding.normal.get("finding_info")
    if not isinstance(info, dict):
        return
    if known.weaknesses:
        for cve in _weaknesses(finding, info):
            one = known.weaknesses.get(cve)
            if one is not None:
                data = {"name": one.name, "due": one.due, "ransomware": one.ransomware}
                yield {"name": "cve", "value": cve, "type": Type.EXPLOITED.value, "provider": "CISA KEV", "data": data}
    if known.techniques:
        for uid in _techniques(info):
            named = known.techniques.get(uid)
            if named:
                told = {"name": "technique", "value": uid, "type": Type.TECHNIQUE.value, "provider": "MITRE ATT&CK"}
                yield {**told, "data": {"name": named}}


def _weaknesses(finding: Finding, info: Mapping[str, object]) -> list[str]:
    analytic = info.get("analytic")
    texts = [finding.title, str(info.get("uid", "")), str(info.get("desc", ""))]
    texts += [str(analytic.get(name, "")) for name in _CVE_PLACES] if isinstance(analytic, dict) else []
    unmapped = finding.normal.get("unmapped")
    texts += [value for value in unmapped.values() if isinstance(value, str)] if isinstance(unmapped, dict) else []
    return list(dict.fromkeys(found for text in texts for found in CVE.findall(text)))


def _techniques(info: Mapping[str, object]) -> list[str]:
    attacks = info.get("attacks")
    found: dict[str, None] = {}
    for one in attacks if isinstance(attacks, list) else ():
        technique = one.get("technique") if isinstance(one, dict) else None
        if isinstance(technique, dict):
            found[str(technique.get("uid", ""))] = None
    return list(found)


def _of_itself(kind: str, value: str, known: Known) -> dict[str, object] | None:
    if kind == "ip":
        reach = reach_of(value)
        return {"name": kind, "value": value, "type": _ADDRESS, "data": {"class": reach}} if reach else None
    if known.domains and kind in {"host", "domain", "email", "url"} and known.owns(_host(kind, value)):
        return {"name": kind, "value": value, "type": Type.OWN_DOMAIN.value, "data": {"own": True}}
    return None


def _host(kind: str, value: str) -> str:
    if kind == "email":
        return value.rpartition("@")[2]
    if kind == "url":
        return value.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
    return value


@lru_cache(maxsize=65_536)
def reach_of(value: str) -> str:
    """What kind of address it is; "" where it is none."""
    try:
        packed = socket.inet_pton(socket.AF_INET, value)
    except (OSError, ValueError):
        return looked_up(value)
    first = _firsts()
    return first[1][bisect_right(first[0], packed) - 1]


@cache
def _firsts() -> tuple[Sequence[bytes], Sequence[str]]:
    """Of IPv4: the addresses with which another kind begins, and which. To look an address up costs a twentieth of
    working it out.
    """
    ends = {ends for one in _IPV4 for ends in (int(one.network_address), int(one.broadcast_address) + 1)}
    begins = [ipaddress.IPv4Address(number) for number in sorted(ends) if number < 2**32]
    return [one.packed for one in begins], [str(looked_up(str(one))) for one in begins]


def looked_up(value: str) -> str:
    """As `reach_of`, worked out anew."""
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return ""
    address = getattr(address, "ipv4_mapped", None) or address
    if any(address.version == one.version and address in one for one in _DOCUMENTATION):
        return Reach.DOCUMENTATION
    if address.version == 4 and address in _CGNAT:
        return Reach.SHARED
    for holds, reach in (
        (address.is_loopback, Reach.LOOPBACK),
        (address.is_link_local, Reach.LINK),
        (address.is_multicast, Reach.MULTICAST),
        (address.is_reserved, Reach.RESERVED),
        (address.is_private, Reach.PRIVATE),
    ):
        if holds:
            return reach
    return Reach.PUBLIC
