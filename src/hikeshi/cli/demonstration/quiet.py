"""What the company keeps quiet on purpose, what it asks in forms of its own, and what it looks at again and again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID

import msgspec

from hikeshi.cli.demonstration.company import DESK, EVERYWHERE, Company, Table, read
from hikeshi.cli.demonstration.stories import span
from hikeshi.figures import actions as figures
from hikeshi.forms import actions as forms
from hikeshi.forms.definitions import Definition
from hikeshi.intake import actions as intake
from hikeshi.intake import benign, inhibitions, silences
from hikeshi.lists import actions as lists

A_QUARTER: Final = timedelta(days=90)
INHIBITION: Final = ("title", "source", "target", "equal", "reason")


def arrange(company: Company, now: datetime) -> None:
    told = cast("Mapping[str, list[Table]]", read("quiet.yaml"))
    keeper, place = company.actor(str(told["keeper"])), company.places[EVERYWHERE].uuid
    _calm(told, place, now)
    for one in told["filters"]:
        lists.save_filter(by=keeper, name=str(one["name"]), filter=str(one["filter"]), audience="everyone")
    for one in told["boards"]:
        tiles = [str(tile) for tile in cast("list[object]", one["tiles"])]
        figures.keep_board(by=keeper, name=str(one["name"]), tiles=tiles, audience="everyone")
    for one in told["forms"]:
        kept = forms.write_form(by=DESK, definition=msgspec.convert(one, Definition))
        forms.offer_form(by=DESK, form=kept.form.uuid, number=1)


def _calm(told: Mapping[str, list[Table]], place: UUID, now: datetime) -> None:
    for one in told["silences"]:
        begins = now + span(str(one["begins"]))
        every = silences.Every(str(one["every"]))
        terms = silences.Terms(
            title=str(one["title"]),
            matchers=str(one["matchers"]),
            reason=str(one["reason"]),
            owner="",
            starts_at=begins,
            ends_at=begins + span(str(one["lasts"])),
            every=every,
            until=None if every is silences.Every.ONCE else begins + A_QUARTER,
        )
        intake.set_silence(by=DESK, organisation=place, terms=terms)
    for one in told["inhibitions"]:
        title, source, target, equal, reason = (str(one[name]) for name in INHIBITION)
        explained = inhibitions.Terms(title, source, target, equal, reason)
        intake.set_inhibition(by=DESK, organisation=place, terms=explained)
    for one in told["harmless"]:
        until = now + timedelta(days=int(str(one["days"])))
        kind, values = benign.Kind(str(one["kind"])), str(one["values"])
        entry = benign.Terms(str(one["title"]), kind, values, str(one["reason"]), until)
        intake.list_benign(by=DESK, organisation=place, terms=entry)
