"""Rotas somebody stands in and policies that call them by name, and how a successor takes their place."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from hikeshi.accounts import resting
from hikeshi.accounts.models import Person
from hikeshi.accounts.resting import Rest
from hikeshi.kernel.acting import Actor
from hikeshi.oncall import drafts
from hikeshi.oncall.actions.policies import edit_policy, name_executives
from hikeshi.oncall.actions.rotas import edit_rota
from hikeshi.oncall.drafts import StepDraft
from hikeshi.oncall.escalation import Target, TargetKind
from hikeshi.oncall.models import Rota
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import policies, rotas
from hikeshi.oncall.queries.targets import PERSON
from hikeshi.oncall.terms import LayerTerms


def look(by: Actor, people: Sequence[Person]) -> resting.Found:
    """Four queries. A layer without anybody else who is in use would leave a gap; a step would call nobody."""
    found: dict[int, list[Rest]] = defaultdict(list)
    if not by.may(Verb.VIEW):
        return found
    numbers = {one.uuid: one.pk for one in people}
    layers = [(row, layer) for row in rotas.rotas(by) for layer in rotas.terms_of(row).layers]
    there = _in_use({uuid for _, layer in layers for uuid in layer.people} - numbers.keys())
    seen: dict[tuple[int, UUID], Rest] = {}
    for row, layer in layers:
        for uuid in set(layer.people) & numbers.keys():
            gap = not there & set(layer.people)
            before = seen.get((numbers[uuid], row.uuid))
            breaks = gap or (before is not None and before.breaks)
            seen[numbers[uuid], row.uuid] = Rest("rota", f"rota:{row.uuid}", row.name, breaks)
    for (number, _), rest in seen.items():
        found[number].append(rest)
    for number, rest in _called(by, numbers):
        found[number].append(rest)
    return found


def _in_use(uuids: Iterable[UUID]) -> set[UUID]:
    return set(Person.objects.filter(uuid__in=list(uuids), is_active=True).values_list("uuid", flat=True))


def _called(by: Actor, numbers: Mapping[UUID, int]) -> Iterator[tuple[int, Rest]]:
    for row in policies.policies(by).filter(retired_at=None):
        named = {_person(one) for one in drafts.kept(row.steps) if one.kind is TargetKind.PERSON}
        for uuid in numbers.keys() & named:
            yield numbers[uuid], Rest("policy", f"policy:{row.uuid}", row.name, breaks=True)
    chosen = policies.executives()
    uuid_ = _person(StepDraft(kind=chosen.kind, value=chosen.value)) if chosen.kind is TargetKind.PERSON else None
    if uuid_ is not None and uuid_ in numbers:
        yield numbers[uuid_], Rest("executives", "", "", breaks=True)


def _person(step: StepDraft) -> UUID | None:
    try:
        return UUID(step.value.removeprefix(PERSON))
    except ValueError:
        return None


def hand_over(by: Actor, person: Person, to: Person) -> None:
    """What runs already goes on as it was copied. Raises NotAllowed, Invalid."""
    if not by.may(Verb.VIEW):
        return
    for rota in rotas.rotas(by):
        _put_into(by, rota, person.uuid, to.uuid)
    for row in policies.policies(by).filter(retired_at=None):
        steps = drafts.kept(row.steps)
        said = tuple(_step(one, person.uuid, to.uuid) for one in steps)
        if said != steps:
            edit_policy(by=by, policy=row.uuid, written=replace(policies.draft_of(row), steps=said))
    chosen = policies.executives()
    if chosen == Target(TargetKind.PERSON, f"{PERSON}{person.uuid}"):
        name_executives(by=by, who=Target(TargetKind.PERSON, f"{PERSON}{to.uuid}"))


def _put_into(by: Actor, rota: Rota, who: UUID, to: UUID) -> None:
    said = rotas.terms_of(rota)
    layers = tuple(_layer(one, who, to) for one in said.layers)
    if layers != said.layers:
        edit_rota(by=by, rota=rota.uuid, name=said.name, time_zone=said.time_zone, layers=layers, note=said.note)


def _layer(layer: LayerTerms, who: UUID, to: UUID) -> LayerTerms:
    """In their turn; whoever stands in the layer already keeps their own turn and takes no second one."""
    if who not in layer.people:
        return layer
    there = [one for one in layer.people if one != who]
    return replace(layer, people=tuple(there if to in there else (to if one == who else one for one in layer.people)))


def _step(step: StepDraft, who: UUID, to: UUID) -> StepDraft:
    if step.kind is not TargetKind.PERSON or _person(step) != who:
        return step
    return replace(step, value=step.value.replace(str(who), str(to)))


resting.register("oncall", look, hand_over)
