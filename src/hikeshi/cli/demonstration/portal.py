"""What the company tells people and has written down for them, and what it plans, watches for, decides and pays."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import cast

from hikeshi.accounts import queries as accounts
from hikeshi.assets import actions as assets
from hikeshi.assets.intelligence.reading import whole
from hikeshi.cli.demonstration.company import DESK, Company, Table, read
from hikeshi.cli.demonstration.stories import span
from hikeshi.incidents import actions as incidents
from hikeshi.incidents import queries
from hikeshi.incidents.codes import CostKind
from hikeshi.kernel.acting import Actor
from hikeshi.knowledge import actions as knowledge
from hikeshi.knowledge.drafts import AnswerDraft, Audience
from hikeshi.notices import actions as notices
from hikeshi.notices import drafts as outages

OUTAGE = ("title_ja", "title_en", "services_ja", "services_en")
ANSWER = ("question_ja", "question_en", "answer_ja", "answer_en", "keywords")


def arrange(company: Company, now: datetime) -> None:
    told = read("portal.yaml")
    for one in told["outages"]:
        _tell(company, one, now)
    for one in told["answers"]:
        _answer(company, one, now)
    for one in told["milestones"]:
        day = (now + timedelta(days=int(str(one["days"])))).date()
        incidents.set_milestone(by=_by(company, one), name=str(one["name"]), day=day)
    _watch_for(company, cast("Table", told["indicators"]))
    for one in told["decisions"]:
        _decide(company, one, now)
    for one in told["costs"]:
        incidents.add_cost(
            by=_by(company, one),
            ref=_ref(one),
            kind=CostKind(str(one["kind"])),
            amount=Decimal(str(one["amount"])),
            actual=bool(one.get("actual")),
            note=str(one["note"]),
        )


def _by(company: Company, told: Table) -> Actor:
    return company.actor(str(told["by"]))


def _ref(told: Table) -> str:
    """Of the record whose title begins so."""
    found = queries.visible(DESK).filter(title__startswith=str(told["record"])).order_by("pk")
    return str(found.values_list("ref", flat=True)[0])


def _texts(told: Table, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    return ((name, str(told[name]).strip()) for name in names)


def _tell(company: Company, told: Table, now: datetime) -> None:
    """Published, then what is new."""
    by, ref = _by(company, told), _ref(told)
    for text in ("text", "news"):
        words = {"text_ja": str(told[f"{text}_ja"]), "text_en": str(told[f"{text}_en"])}
        draft = outages.OutageDraft(
            **dict(_texts(told, OUTAGE)),
            **words,
            since=now + span(str(told["since"])),
            expected_end=now + span(str(told["expected"])),
            audience=outages.Audience.SIGNED_IN,
        )
        if text == "text":
            notices.publish_outage(by=by, ref=ref, draft=draft)
        else:
            notices.update_outage(by=by, ref=ref, draft=draft)


def _answer(company: Company, told: Table, now: datetime) -> None:
    draft = AnswerDraft(
        **dict(_texts(told, ANSWER)),
        audience=Audience.EVERYONE,
        owner=f"person:{company.people[str(told['owner'])]}",
        review=(now + timedelta(days=int(str(told["review"])))).date(),
    )
    kept = knowledge.write_answer(by=company.actor("sato"), draft=draft)
    knowledge.publish_answer(by=company.actor("sato"), answer=kept.answer.uuid, number=kept.number)


def _watch_for(company: Company, told: Table) -> None:
    body = "\n".join(str(one) for one in cast("list[object]", told["values"])).encode()
    place = accounts.root().uuid
    title, origin = str(told["title"]), str(told["origin"])
    assets.add_indicators(by=_by(company, told), organisation=place, title=title, origin=origin, pieces=whole(body))


def _decide(company: Company, told: Table, now: datetime) -> None:
    ref = _ref(told)
    asked = incidents.ask_decision(
        by=_by(company, told),
        ref=ref,
        question=str(told["question"]),
        options=[str(one) for one in cast("list[object]", told["options"])],
        of=str(company.people[str(told["of"])]) if "of" in told else "",
        due_at=now + span(str(told["due"])) if "due" in told else None,
    )
    if isinstance(done := told.get("decided"), Mapping):
        by, reason = _by(company, done), str(done["reason"])
        incidents.decide(by=by, ref=ref, decision=asked.uuid, choice=int(str(done["choice"])), reason=reason)
