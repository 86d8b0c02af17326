"""How the rows look to ``hikeshi verify --state``: the columns that facts write, personal text as its commitment."""

from collections.abc import Callable, Iterator

from django.db.models import Model

from hikeshi.incidents import criteria, decided, merging, models, vocabularies
from hikeshi.incidents.facts import stamp
from hikeshi.incidents.models import person_ref
from hikeshi.incidents.queries.visibility import members
from hikeshi.incidents.reporting import answers_of
from hikeshi.intake.models import Alert, CaseMember
from hikeshi.kernel.facts import JSON, commit
from hikeshi.ledger import states

CHUNK = 500
KIN = ("merged_into", "parent", "split_from")
Columns = dict[str, JSON]


def _incident(one: models.Incident) -> Columns:
    plain = ("ref", "record_class", "kind", "course", "impact", "effect", "urgency", "priority", "priority_reason")
    return {
        **{name: getattr(one, name) for name in (*plain, "matrix", "course_version", "status", "tlp", "reopened")},
        **{name: getattr(one, name) for name in ("restricted", "world", "opened_by", "waiting")},
        "waiting_until": stamp(one.waiting_until),
        "estimate": one.estimate,
        **{name: str(near.uuid) if (near := getattr(one, name)) else "" for name in KIN},
        "title": commit(one.title, one.secret).digest,
        "description": commit(one.description, one.secret).digest,
        "resolution": commit(one.resolution, one.secret).digest if one.resolution else None,
        "organisation": str(one.organisation.uuid),
        "owner": person_ref(one.owner),
    }


def _phase(one: models.Phase) -> Columns:
    times: Columns = {"started_at": stamp(one.started_at), "ended_at": stamp(one.ended_at)}
    return {"code": one.code, "state": one.state, "in_course": one.in_course, "owner": person_ref(one.owner), **times}


def _gate(one: models.Gate) -> Columns:
    plain: Columns = {"code": one.code, "at": one.at, "phase": one.phase, "asked_by": one.asked_by}
    met: Columns = {"met": one.met_at is not None, "withdrawn": one.withdrawn_at is not None}
    return {**plain, **met, "overridden_by": one.overridden_by}


def _confirmation(one: models.Confirmation) -> Columns:
    return {"person": one.person, "void": one.void_at is not None}


def _participant(one: models.Participant) -> Columns:
    return {"person": person_ref(one.person), "role": one.role, "until": stamp(one.until)}


def _task(one: models.Task) -> Columns:
    plain: Columns = {"due_at": stamp(one.due_at), "phase": one.phase, "done": one.done_at is not None}
    whole: Columns = {"title": commit(one.title, one.secret).digest, "owner": person_ref(one.owner), **plain}
    leads: Columns = {"after": list(one.after), "milestone": str(one.milestone or "")}
    return {**whole, "estimate": one.estimate, "start_at": stamp(one.start_at), **leads}


def _milestone(one: models.Milestone) -> Columns:
    removed: Columns = {"removed": one.removed_at is not None}
    return {"name": commit(one.name, one.secret).digest, "day": one.day.isoformat(), **removed}


def _fact(one: models.FactItem) -> Columns:
    return {"key": one.key, "value": commit(one.value, one.secret).digest, "certainty": one.certainty}


def _moment(one: models.Moment) -> Columns:
    plain: Columns = {"kind": one.kind, "at": stamp(one.at), "source": one.source, "estimated": one.estimated}
    return {**plain, "superseded": one.superseded_at is not None}


def _note(one: models.Note) -> Columns:
    return {"text": commit(one.text, one.secret).digest, "author": one.author}


def _passage(one: models.Passage) -> Columns:
    return {"text": commit(one.text, one.secret).digest}


def _observable(one: models.Observable) -> Columns:
    return {"type": one.type, "value": commit(one.value, one.secret).digest, "asset": one.asset}


def _link(one: models.Link) -> Columns:
    texts: Columns = {"url": commit(one.url, one.secret).digest, "title": commit(one.title, one.secret).digest}
    return {**texts, "removed": one.removed_at is not None}


def _asset(one: models.LinkedAsset) -> Columns:
    return {"asset": str(one.asset.uuid), "how": one.how, "removed": one.removed_at is not None}


def _alert(one: models.AttachedAlert) -> Columns:
    return {"alert": str(one.alert)}


def _file(one: models.Attachment) -> Columns:
    plain: Columns = {"size": one.size, "sha256": one.sha256, "removed": one.removed_at is not None}
    return {"name": commit(one.name, one.secret).digest, **plain}


def _merger(one: models.Merger) -> Columns:
    plain: Columns = {"into": str(one.into.uuid), "status_was": one.status_was, "undone": one.undone_at is not None}
    return {**plain, "brought": merging.digest(one.brought)}


def _decision(one: models.Decision) -> Columns:
    whole: Columns = {"content": commit(decided.content(one.question, one.options), one.secret).digest}
    why = commit(one.why, one.secret).digest if one.decided_at else None
    answer: Columns = {"choice": one.choice, "why": why, "decided_by": one.decided_by}
    asked: Columns = {"of": person_ref(one.of), "due_at": stamp(one.due_at)}
    return {**whole, **asked, **answer, "withdrawn": one.withdrawn_at is not None}


def _cost(one: models.Cost) -> Columns:
    plain: Columns = {"line": str(one.line), "kind": one.kind, "amount": f"{one.amount:.2f}", "currency": one.currency}
    note = commit(one.note, one.secret).digest
    return {**plain, "actual": one.actual, "note": note, "superseded": one.superseded_at is not None}


def _matrix(one: models.MatrixVersion) -> Columns:
    return {"number": one.number, "grid": one.grid}


def _reporter(one: models.Reporter) -> Columns:
    """Erased: their words are gone, and so is what proved them."""
    personal = ("name", "contact", "when_said", "where_said")
    kept = one.erased_at is None
    texts: Columns = {name: commit(getattr(one, name), one.secret).digest if kept else None for name in personal}
    asked: Columns = {"form": str(one.form or ""), "form_version": one.form_version}
    answers = commit(answers_of(one.answers), one.secret).digest if kept else None
    return {
        "purpose": one.purpose,
        "via": one.via,
        "person": person_ref(one.person),
        **texts,
        **asked,
        "answers": answers,
    }


def _message(one: models.Message) -> Columns:
    plain: Columns = {"side": one.side, "author": one.author, "asks": one.asks, "settled": one.settled_at is not None}
    return {**plain, "text": commit(one.text, one.secret).digest}


def _rating(one: models.Rating) -> Columns:
    return {"score": one.score, "words": commit(one.words, one.secret).digest}


def _reporting(one: models.ReportingRules) -> Columns:
    plain: Columns = {"number": one.number, "open_to_all": one.open_to_all, "answer_days": one.answer_days}
    return {**plain, "organisation": str(one.organisation.uuid)}


def _criteria(one: models.Criteria) -> Columns:
    review = one.review.isoformat() if one.review else ""
    return {"field": one.field, "owner": one.owner, "review": review, "newest": one.newest}


def _criteria_version(one: models.CriteriaVersion) -> Columns:
    digest = commit(criteria.content(one.texts), one.secret).digest
    return {"criteria": str(one.criteria.uuid), "number": one.number, "content": digest}


def _vocabulary(one: models.Vocabulary) -> Columns:
    return {"subject": one.subject, "number": one.number, "content": vocabularies.digest(one.content)}


def _incidents() -> Iterator[tuple[str, Columns]]:
    exposed = _exposed()
    rows = models.Incident.objects.select_related("organisation", "owner", *KIN).order_by("pk")
    for one in rows.iterator(chunk_size=CHUNK):
        columns = _incident(one)
        yield str(one.uuid), {**columns, "restricted": False} if one.pk in exposed else columns


def _exposed() -> frozenset[int]:
    """Restricted records whose alerts, behind the desk's back, are shown to others than their people: restricted in
    name only.
    """
    hidden = {one.subject: one for one in models.Incident.objects.filter(restricted=True)}
    shown = set(Alert.objects.filter(case__in=hidden, restricted=False).values_list("case", flat=True))
    let_in: dict[str, set[int]] = {}
    for case, person in CaseMember.objects.filter(case__in=hidden).values_list("case", "person_id"):
        let_in.setdefault(case, set()).add(person)
    held = set(Alert.objects.filter(case__in=let_in).values_list("case", flat=True))
    shown |= {case for case, people in let_in.items() if case in held and not people <= members(hidden[case])}
    return frozenset(hidden[case].pk for case in shown)


TABLES: dict[type[Model], str] = {models.Incident: "incident"}
"""What the ledger calls the rows of a model."""


def _register(table: str, model: type[Model], columns: Callable[..., Columns], *related: str) -> None:
    TABLES[model] = table

    def rows() -> Iterator[tuple[str, Columns]]:
        for one in model._default_manager.select_related(*related).order_by("pk").iterator(chunk_size=CHUNK):
            yield str(vars(one)["uuid"]), columns(one)

    states.register(f"incidents.{table}", rows)


def _register_part(table: str, model: type[models.Part], columns: Callable[..., Columns], *related: str) -> None:
    """A part must also belong to the record it was written into: moved to another, it would open that one's doors."""

    def whole(one: models.Part) -> Columns:
        return {"incident": str(one.incident.uuid), **columns(one)}

    _register(table, model, whole, "incident", *related)


states.register("incidents.incident", _incidents)
_register_part("phase", models.Phase, _phase, "owner")
_register_part("gate", models.Gate, _gate)
_register("confirmation", models.Confirmation, _confirmation)
_register_part("participant", models.Participant, _participant, "person")
_register_part("task", models.Task, _task, "owner")
_register_part("fact", models.FactItem, _fact)
_register_part("moment", models.Moment, _moment)
_register_part("note", models.Note, _note)
_register_part("passage", models.Passage, _passage)
_register_part("observable", models.Observable, _observable)
_register_part("link", models.Link, _link)
_register_part("file", models.Attachment, _file)
_register_part("asset", models.LinkedAsset, _asset, "asset")
_register_part("alert", models.AttachedAlert, _alert)
_register_part("merger", models.Merger, _merger, "into")
_register_part("decision", models.Decision, _decision, "of")
_register_part("cost", models.Cost, _cost)
_register("matrix", models.MatrixVersion, _matrix)
_register_part("reporter", models.Reporter, _reporter, "person")
_register_part("message", models.Message, _message)
_register_part("rating", models.Rating, _rating)
_register("reporting", models.ReportingRules, _reporting, "organisation")
_register("criteria", models.Criteria, _criteria)
_register("criteria_version", models.CriteriaVersion, _criteria_version, "criteria")
_register("milestone", models.Milestone, _milestone)
_register("vocabulary", models.Vocabulary, _vocabulary)
