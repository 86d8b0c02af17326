"""What the site knows of the things an alert names, said in it as OCSF's enrichments, before it is judged: rules may
ask for it. Nothing leaves the machine. Costs some eight small queries a batch at most, whatever the number of its
alerts.
"""

import ipaddress
import socket
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Final, TypeAlias

import msgspec

from hikeshi.accounts.models import Organisation
from hikeshi.assets.intelligence.catalogues import CVE, Known
from hikeshi.assets.queries import intelligence
from hikeshi.assets.queries.intelligence import Hit
from hikeshi.assets.queries.knowing import Ours, ours
from hikeshi.intake.normalise import Finding
from hikeshi.intake.preparing import Prepared, Sighting
from hikeshi.intake.queries import seeing
from hikeshi.intake.repeats import Thing, said

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
Pair: TypeAlias = tuple[int, Sighting]
"""An organisation, and what came for it."""
_encode = msgspec.json.encode


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


def _never(sighting: Sighting) -> bool:
    return False


def enrich(batch: Sequence[Prepared], described: Callable[[Sighting], bool] = _never) -> None:
    """Says it in the normal forms themselves. What is ``described`` already is passed over, until somebody asks
    (`complete`): its row says all of it.
    """
    sightings = [(one.item.organisation_id, each) for one in batch for each in one.sightings]
    if not sightings:
        return
    site = _Site.of(sightings)
    if site.knows:
        for place, sighting in sightings:
            site.name(place, sighting)
    complete([(place, each) for place, each in sightings if not described(each)], site)


def complete(sightings: Sequence[Pair], site: "_Site | None" = None) -> None:
    """Says it in those of them that were passed over."""
    wanted = [(place, each) for place, each in sightings if not each.enriched]
    if not wanted:
        return
    site = site or _Site.of(wanted)
    for place, sighting in wanted:
        _say(sighting, site, site.paths.get(place, ""))
        sighting.enriched = True
    _say_seen(wanted)


@dataclass(frozen=True, slots=True)
class _Site:
    """What it knows of the things that some alerts name."""

    known: Known
    hits: Hits
    assets: Assets
    paths: Mapping[int, str]

    @classmethod
    def of(cls, sightings: Sequence[Pair]) -> "_Site":
        seen = dict.fromkeys([thing for _, each in sightings for thing in each.told.things])
        hits, assets = intelligence.hits(seen.keys()), ours(seen.keys())
        paths = dict(Organisation.objects.values_list("pk", "path").order_by()) if hits or assets else {}
        return cls(intelligence.known(), hits, assets, paths)

    @property
    def knows(self) -> bool:
        return bool(self.known.stamp or self.hits or self.assets)

    def name(self, place: int, sighting: Sighting) -> None:
        """What lists, catalogues and assets say of it belongs to what describes it; how often it was seen does not, or
        every sighting would change it.
        """
        things, told = sighting.told.things, sighting.told.said
        if not told:
            return
        named = any(thing in self.hits or thing in self.assets for thing in things)
        listed = list(_listed(things, self.hits, self.assets, self.paths.get(place, ""))) if named else []
        if listed or self.known.stamp:
            sighting.said = said(told, self.known.stamp, _encode(listed).decode())


def _say(sighting: Sighting, site: _Site, path: str) -> None:
    finding, known = sighting.finding, site.known
    things = sighting.told.things
    told = list(_listed(things, site.hits, site.assets, path)) if site.hits or site.assets else []
    if known.weaknesses or known.techniques:
        told += _catalogued(finding, known)
    told += [of_itself for kind, value in things if (of_itself := _of_itself(kind, value, known)) is not None]
    if told:
        finding.normal["enrichments"] = told[:MOST]


def _listed(things: Sequence[Thing], hits: Hits, assets: Assets, path: str) -> Iterator[dict[str, object]]:
    for thing in things:
        yield from (_indicator(thing, hit) for hit in hits.get(thing, ()) if path.startswith(hit.below))
    for thing in things:
        yield from (_asset(thing, asset) for asset in assets.get(thing, ()) if asset.near(path))


def _say_seen(sightings: Sequence[Pair]) -> None:
    """How often earlier alerts named what this one names; those of restricted records are not counted."""
    before = seeing.before((place, each.told.things) for place, each in sightings)
    if not before:
        return
    for place, sighting in sightings:
        normal = sighting.finding.normal
        held = normal.get("enrichments")
        told = held if isinstance(held, list) else []
        for thing in sighting.told.things:
            found = before.get((place, *thing))
            alerts = 0 if found is None else found.but(sighting.fingerprint)
            if found is not None and alerts:
                told.append(_sighting(thing, found, alerts))
        if told:
            normal["enrichments"] = told[:MOST]


def _sighting(thing: Thing, found: seeing.Before, alerts: int) -> dict[str, object]:
    data: dict[str, object] = {"alerts": alerts, "first": found.first_at}
    if found.last_at and alerts == found.alerts:
        data["last"] = found.last_at
    return {"name": thing[0], "value": thing[1], "type": _SIGHTING, "data": data}


def _asset(thing: Thing, asset: Ours) -> dict[str, object]:
    data = {"asset": asset.name, "uid": str(asset.uuid), "kind": asset.kind, "criticality": asset.criticality}
    more = {"owner": asset.owner, "team": asset.team, "place": asset.place}
    whole = {**data, **{name: word for name, word in more.items() if word}}
    return {"name": thing[0], "value": thing[1], "type": Type.ASSET.value, "data": whole}


def _indicator(thing: Thing, hit: Hit) -> dict[str, object]:
    data: dict[str, object] = {"sort": hit.sort, "indicator": hit.value, "tlp": hit.tlp}
    if hit.confidence is not None:
        data["confidence"] = hit.confidence
    if hit.until is not None:
        data["until"] = hit.until.date().isoformat()
    if hit.origin:
        data["origin"] = hit.origin
    return {"name": thing[0], "value": thing[1], "type": Type.INDICATOR.value, "provider": hit.title, "data": data}


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
