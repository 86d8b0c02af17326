"""A correlation as it is written: Sigma's own form, its signals as further documents of the same text. Pure.

Beyond Sigma, below ``correlation``: the type ``weight_sum`` with ``weights`` (signal: points; ``condition`` names the
sum, and with ``field`` a signal counts once per value), ``hub`` (one or a list: a field, or several that must all be
met, how many values of it make a group that ties nothing together, and with ``of`` for which kinds of entity),
``except`` (values and networks that never make a group), and ``entity`` in ``group-by``, which stands for each host,
user, address, hash, sender and campaign of an alert.
"""

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, TypeAlias

from sigma.correlations import SigmaCorrelationCondition, SigmaCorrelationConditionOperator, SigmaCorrelationRule
from sigma.exceptions import SigmaError

from hikeshi.intake import field_names, sigma_text
from hikeshi.intake.bad_rule import BadRule
from hikeshi.intake.correlation import How, Hub, Terms
from hikeshi.intake.field_values import Document, Values, field_values, key
from hikeshi.intake.needs import Cover
from hikeshi.intake.sigma import Test

ENTITY: Final = "entity"
CAMPAIGN: Final = "campaign"
ENTITIES: Final = {
    "host": ("device.hostname",),
    "user": ("actor.user.name", "actor.user.email_addr"),
    "ip": ("src_endpoint.ip", "dst_endpoint.ip", "device.ip"),
    "hash": ("evidences.file.hash",),
    "sender": ("evidences.email.from",),
    CAMPAIGN: ("metadata.correlation_uid",),
}
"""A campaign is what the detector itself calls one, a threat, a story; two detectors may number theirs alike."""
MOST_SIGNALS, MOST_FIELDS, MOST_HUBS, MOST_COUNT, LONGEST = 12, 4, 8, 200, 7 * 86_400
_VALUES_OF_ONE: Final = 8
_ENTITIES_OF_ONE: Final = 12
_NAMES: Final = frozenset(
    {"type", "rules", "group-by", "timespan", "condition", "aliases", "generate", "weights", "hub", "except"}
)

Compile: TypeAlias = Callable[[dict[str, object], str, str], tuple[object, Test, Cover]]
Key: TypeAlias = tuple[tuple[str, str], ...]
"""Fields and values that a group shares."""


@dataclass(frozen=True, slots=True)
class Signal:
    name: str
    titles: Mapping[str, str]  # language -> what it says about an alert
    test: Test
    cover: Cover


@dataclass(frozen=True, slots=True)
class Met:
    """A field by which a hub is told; ``of``: of which kinds of entity, of all where it is empty."""

    field: str
    values: Values
    of: frozenset[str]


@dataclass(frozen=True, slots=True)
class Correlation:
    terms: Terms
    signals: tuple[Signal, ...]
    by: tuple[str, ...]
    fields: tuple[Mapping[str, Values], ...]  # per signal: what stands in group-by -> where this signal has it
    value: Values | None
    met: tuple[Met, ...]
    hubs: tuple[Hub, ...]
    never: frozenset[str]
    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]

    def groups(self, normal: Document, signal: int) -> list[Key]:
        """What the alert is counted under; none where it lacks a field or the value to be counted."""
        if self.terms.how is How.VALUE_COUNT and not self.counted(normal):
            return []
        if self.by == (ENTITY,):
            return [((kind, value),) for kind, value in entities(normal) if not self._spared(value)]
        fields = self.fields[signal]
        values = [[value for value in _texts(fields[name](normal)) if not self._spared(value)] for name in self.by]
        return [tuple(zip(self.by, one, strict=True)) for one in list(product(*values))[:_VALUES_OF_ONE]]

    def _spared(self, value: str) -> bool:
        if value in self.never:
            return True
        address = _address(value) if self.networks and value[:1] in "0123456789abcdef:" else None
        return address is not None and any(address in network for network in self.networks)

    def counted(self, normal: Document) -> str:
        return _first(self.value(normal)) if self.value is not None else ""

    def places(self, normal: Document, shared: Key) -> tuple[str, ...]:
        kind = shared[0][0] if shared else ""
        return tuple(_first(one.values(normal)) if not one.of or kind in one.of else "" for one in self.met)


_PROVIDER: Final = field_values("metadata.log_provider")
_ENTITY_VALUES: Final = tuple((kind, field_values(name)) for kind, names in ENTITIES.items() for name in names)


def entities(normal: Document) -> list[tuple[str, str]]:
    r"""Each of `ENTITIES`. A mail filter knows a user by an address, a domain by DOMAIN\name and an
    endpoint by the name: they are one by the name alone.
    """
    named = [(kind, _plain(kind, value)) for kind, values in _ENTITY_VALUES for value in _texts(values(normal))]
    said = _first(_PROVIDER(normal))
    found = {(kind, f"{said} {value}" if kind == CAMPAIGN else value): None for kind, value in named if value}
    return list(found)[:_ENTITIES_OF_ONE]


def _plain(kind: str, value: str) -> str:
    return value.rpartition("\\")[2].partition("@")[0] if kind == "user" else value


def _texts(values: Sequence[object]) -> list[str]:
    return [key(value)[:200] for value in values[:_VALUES_OF_ONE] if not isinstance(value, dict | list) and value != ""]


def _first(values: Sequence[object]) -> str:
    return next(iter(_texts(values)), "")


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def documents(text: str) -> list[str]:
    """The text cut at lines of three hyphens; each part keeps its line numbers by empty lines above it."""
    found: list[list[str]] = [[]]
    for number, line in enumerate(text.splitlines()):
        if line.rstrip() == "---":
            found.append([""] * (number + 1))
        else:
            found[-1].append(line)
    return ["\n".join(part) + "\n" for part in found if any(part)]


def head(text: str) -> str:
    """The part that says what is decided; for a rule of one document, all of it."""
    return (documents(text) or [text])[0]


def table(text: str, name: str) -> dict[str, object]:
    """What decides: the first document of a correlation, else all of the text. Raises BadRule, also where a rule that
    asks each alert for itself has more than one document.
    """
    parts = documents(text)
    if len(parts) < 2:
        return sigma_text.document(text, name)
    data = sigma_text.document(parts[0], name)
    return data if "correlation" in data else sigma_text.document(text, name)


def read(data: dict[str, object], text: str, name: str, compile_: Compile) -> Correlation:
    """``data`` is the first document. Raises BadRule."""
    line = text[: text.find("correlation:")].count("\n") + 1
    if len(text) > sigma_text.LONGEST:
        raise BadRule(name, 1, "too long", "rule_too_long", limit=str(sigma_text.LONGEST))
    said = data.get("correlation")
    if not isinstance(said, dict) or "detection" in data:
        raise BadRule(name, line, "a correlation has no detection of its own", "rule_correlation")
    unknown = sorted(str(one) for one in said if one not in _NAMES)
    if unknown:
        raise BadRule(name, line, f"unknown: {unknown[0]}", "rule_correlation_name", name=unknown[0])
    reader = _Reader(said, text, name, line)
    return reader.correlation(data, compile_)


@dataclass(frozen=True, slots=True)
class _Reader:
    said: Mapping[str, object]
    text: str
    file: str
    line: int

    def bad(self, why: str, code: str = "rule_correlation_part", **params: str) -> BadRule:
        return BadRule(self.file, self.line, why, code, **params)

    def correlation(self, data: dict[str, object], compile_: Compile) -> Correlation:
        how, rule = self._sigma(data)
        signals = self._signals([one.reference for one in rule.rules or ()], compile_)
        by = tuple(rule.group_by or ())
        aliases = {
            name: {ref.reference: to for ref, to in one.mapping.items()} for name, one in rule.aliases.aliases.items()
        }
        fields = tuple({name: self._field(aliases.get(name, {}).get(one.name, name)) for name in by} for one in signals)
        never, networks = self._except()
        met, hubs = self._hubs(entity=by == (ENTITY,))
        condition = rule.condition
        counted = condition.fieldref if isinstance(condition, SigmaCorrelationCondition) else None
        return Correlation(
            terms=self._terms(how, rule, signals, distinct=bool(counted)),
            signals=signals,
            by=by,
            fields=fields,
            value=self._field(str(counted)) if counted else None,
            met=met,
            hubs=hubs,
            never=never,
            networks=networks,
        )

    def _sigma(self, data: dict[str, object]) -> tuple[How, SigmaCorrelationRule]:
        """PySigma reads its form; of ours it knows nothing."""
        try:
            how = How(str(self.said.get("type")))
        except ValueError:
            kinds = ", ".join(how.value for how in How)
            raise self.bad(
                "unknown type", "rule_correlation_type", name=str(self.said.get("type")), kinds=kinds
            ) from None
        plain = {**self.said, "type": How.EVENT_COUNT.value if how is How.WEIGHT_SUM else how.value}
        try:
            rule = SigmaCorrelationRule.from_dict({**data, "correlation": plain})
        except (SigmaError, AttributeError, TypeError, ValueError) as error:
            raise self.bad(str(error)) from None
        if len(rule.group_by or ()) > MOST_FIELDS or (ENTITY in (rule.group_by or ()) and len(rule.group_by or ()) > 1):
            raise self.bad(f"group-by names up to {MOST_FIELDS} fields, or entity alone")
        return how, rule

    def _terms(self, how: How, rule: SigmaCorrelationRule, signals: Sequence[Signal], *, distinct: bool) -> Terms:
        condition, names = rule.condition, tuple(one.name for one in signals)
        if not isinstance(condition, SigmaCorrelationCondition):
            raise self.bad("the condition is a number of at least", "rule_correlation_condition")
        above = {SigmaCorrelationConditionOperator.GTE: 0, SigmaCorrelationConditionOperator.GT: 1}.get(condition.op)
        if above is None or not isinstance(condition.count, int):
            raise self.bad("only gte and gt can be asked", "rule_correlation_condition")
        least = condition.count + above
        if how in {How.TEMPORAL, How.TEMPORAL_ORDERED} and "condition" not in self.said:
            least = len(names)
        if not 1 <= least <= MOST_COUNT or rule.timespan.seconds > LONGEST:
            raise self.bad("too much", "rule_correlation_limits", count=str(MOST_COUNT), days=str(LONGEST // 86_400))
        if how is How.TEMPORAL and least > len(names):
            raise self.bad(f"there are only {len(names)} signals")
        return Terms(how, rule.timespan.seconds * 1_000, least, names, self._weights(how, names), distinct)

    def _weights(self, how: How, names: Sequence[str]) -> tuple[int, ...]:
        given = self.said.get("weights")
        if how is not How.WEIGHT_SUM:
            if given is not None:
                raise self.bad("weights belong to the type weight_sum")
            return ()
        if not isinstance(given, dict) or set(map(str, given)) != set(names):
            raise self.bad("weights name every signal once, with its points")
        found = tuple(given[name] for name in names)
        if not all(type(points) is int and 1 <= points <= MOST_COUNT for points in found):
            raise self.bad("points are whole numbers from 1")
        return found

    def _signals(self, wanted: Sequence[str], compile_: Compile) -> tuple[Signal, ...]:
        known: dict[str, Signal] = {}
        for part in documents(self.text)[1:]:
            data = sigma_text.document(part, self.file)
            name = str(data.get("name", ""))
            ours = data.pop("hikeshi", None)
            titles = ours.get("title") if isinstance(ours, dict) else None
            _sigma, test, cover = compile_(
                {"title": name, "logsource": {"category": "finding"}, **data}, part, self.file
            )
            said = {"en": str(data.get("title") or name), **(titles if isinstance(titles, dict) else {})}
            known[name] = Signal(name, {str(one): str(words) for one, words in said.items()}, test, cover)
        missing = [name for name in wanted if name not in known]
        if missing or not wanted:
            raise self.bad("no such signal", "rule_correlation_signal", name=missing[0] if missing else "rules")
        if len(set(wanted)) != len(wanted) or len(wanted) > MOST_SIGNALS:
            raise self.bad(f"rules names up to {MOST_SIGNALS} signals, each once")
        return tuple(known[name] for name in wanted)

    def _field(self, name: str) -> Values:
        if name != ENTITY and not field_names.known(name):
            meant = field_names.nearest(name)
            raise self.bad("unknown field", "rule_field_near" if meant else "rule_field", name=name, meant=meant)
        return field_values(name)

    def _hubs(self, *, entity: bool) -> tuple[tuple[Met, ...], tuple[Hub, ...]]:
        given = self.said.get("hub", [])
        written = given if isinstance(given, list) else [given]
        if len(written) > MOST_HUBS:
            raise self.bad(f"up to {MOST_HUBS} hubs can be named")
        met: list[Met] = []
        hubs: list[Hub] = []
        for one in written:
            fields, most, of = self._hub(one, entity=entity)
            hubs.append(Hub(tuple(range(len(met), len(met) + len(fields))), most))
            met += [Met(str(name), self._field(str(name)), of) for name in fields]
        return tuple(met), tuple(hubs)

    def _hub(self, given: object, *, entity: bool) -> tuple[list[object], int, frozenset[str]]:
        said = given if isinstance(given, dict) and given.keys() <= {"field", "most", "of"} else {}
        most, field, of = said.get("most"), said.get("field"), said.get("of", [])
        fields = field if isinstance(field, list) else [field]
        if type(most) is not int or not 1 <= most <= 60 or None in fields or not 1 <= len(fields) <= MOST_FIELDS:
            raise self.bad("hub has a field, or several, and most: a number up to 60")
        if not isinstance(of, list) or (of and not (entity and set(map(str, of)) <= set(ENTITIES))):
            raise self.bad(f"of names kinds of entity: {', '.join(ENTITIES)}")
        return fields, most, frozenset(map(str, of))

    def _except(self) -> tuple[frozenset[str], tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]]:
        given = self.said.get("except", [])
        if not isinstance(given, list):
            raise self.bad("except is a list")
        texts = [key(one) for one in given]
        try:
            networks = tuple(ipaddress.ip_network(one) for one in texts if "/" in one)
        except ValueError as error:
            raise self.bad(str(error)) from None
        return frozenset(one for one in texts if "/" not in one), networks
