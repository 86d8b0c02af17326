from uuid import UUID

from ninja import Router

from hikeshi.accounts.permissions import Verb as Accounts
from hikeshi.api.callers import Request
from hikeshi.api.shapes import whole
from hikeshi.api.sources import schemas
from hikeshi.intake import actions, framing, previewing, site_sources
from hikeshi.intake.normalise import Finding
from hikeshi.intake.permissions import Verb
from hikeshi.intake.previewing import Seen
from hikeshi.intake.queries import sourcing, topics
from hikeshi.intake.queries.sourcing import Line
from hikeshi.intake.queries.topics import Topic
from hikeshi.intake.site_sources import Mapped
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid

router = Router(tags=["sources"], by_alias=True)


@router.get("/sources", response=schemas.Sources, summary="Every source, what it sent and when it was last heard")
def list_sources(request: Request) -> schemas.Sources:
    return whole(schemas.Sources, [schemas.Source.model_validate(_source(one)) for one in sourcing.lines(request.auth)])


@router.get("/sources/{code}", response=schemas.SourceWhole, summary="One source and all its mappings")
def show_source(request: Request, code: str) -> schemas.SourceWhole:
    return _whole(request.auth, code)


@router.put("/sources/{code}", response=schemas.SourceWhole, summary="Map a source; what comes is read with it at once")
def save_source(request: Request, code: str, new: schemas.SourceNew) -> schemas.SourceWhole:
    actions.save_source(by=request.auth, code=code, terms=_terms(new), why=new.why, version=new.version)
    return _whole(request.auth, code)


@router.post(
    "/sources/{code}/try", response=schemas.SourceTrial, summary="What a mapping makes of a body; nothing is kept"
)
def try_source(request: Request, code: str, asked: schemas.SourceTrying) -> schemas.SourceTrial:
    terms = actions.checked_source(request.auth, code, _terms(asked))
    try:
        found = previewing.preview(site_sources.compiled(code, 0, terms), asked.body.encode("utf-8", "surrogatepass"))
    except framing.Unreadable as problem:
        raise Invalid("body", "source_body", line=problem.line, column=problem.column, detail=problem.detail) from None
    return schemas.SourceTrial(
        alerts=found.alerts, unreadable=found.unreadable, seen=[_seen(one) for one in found.seen]
    )


@router.post("/sources/{code}/off", response=schemas.SourceWhole, summary="Take the site's own mapping out of use")
def take_out_source(request: Request, code: str) -> schemas.SourceWhole:
    actions.take_out_source(by=request.auth, code=code)
    return _whole(request.auth, code)


@router.put("/sources/{code}/watch", response=schemas.SourceWhole, summary="Who hears of its silence, and when")
def watch_source(request: Request, code: str, wanted: schemas.SourceWatch) -> schemas.SourceWhole:
    actions.watch_source(by=request.auth, code=code, quiet_days=wanted.quiet_days, owner=wanted.owner)
    return _whole(request.auth, code)


@router.post("/sources/{code}/replay", response=schemas.Progress, summary="Read again what was put aside, a step of it")
def replay_source(request: Request, code: str, asked: schemas.Asked) -> schemas.Progress:
    request.auth.must(Verb.MANAGE)
    found = actions.replay_source(by=request.auth, code=code, after=asked.after, until=asked.until)
    return schemas.Progress.model_validate(found)


@router.get("/sources/{code}/topics", response=schemas.Topics, summary="Topics of Amazon SNS that may send to it")
def list_topics(request: Request, code: str) -> schemas.Topics:
    request.auth.must(Accounts.MANAGE)
    found = topics.of_source(request.auth, sourcing.source(request.auth, code).line.code)
    return whole(schemas.Topics, [_topic(one) for one in found])


@router.post("/sources/{code}/topics", response={201: schemas.Topic}, summary="Let a topic of Amazon SNS send to it")
def allow_topic(request: Request, code: str, new: schemas.TopicNew) -> schemas.Topic:
    return _topic(actions.allow_topic(by=request.auth, source=code, arn=new.arn, organisation=new.organisation))


@router.post("/topics/{topic}/again", response=schemas.Topic, summary="Say yes to Amazon SNS once more")
def ask_again(request: Request, topic: UUID) -> schemas.Topic:
    return _topic(actions.ask_again(by=request.auth, topic=topic))


@router.delete("/topics/{topic}", response={204: None}, summary="Refuse what a topic sends from now on")
def remove_topic(request: Request, topic: UUID) -> None:
    actions.remove_topic(by=request.auth, topic=topic)


def _topic(row: Topic) -> schemas.Topic:
    plain = ("uuid", "source", "arn", "state", "changed_at", "trouble")
    said = {name: getattr(row, name) for name in plain}
    return schemas.Topic.model_validate({**said, "organisation": row.organisation.uuid})


def _terms(new: schemas.MappingNew) -> Mapped:
    return Mapped(title_en=new.title_en, title_ja=new.title_ja, text=new.text)


def _source(line: Line) -> dict[str, object]:
    plain = ("code", "name", "vendor", "documentation", "reads", "parked", "newest", "quiet_days", "owner", "silent")
    said = {name: getattr(line, name) for name in plain}
    more = {"last_heard": line.last_at, "alerts": line.ever, "due_at": line.watch.due_at}
    return {**said, **more, "origin": line.origin.value, "state": line.state.value}


def _whole(by: Actor, code: str) -> schemas.SourceWhole:
    found = sourcing.source(by, code)
    return schemas.SourceWhole.model_validate({**_source(found.line), "versions": list(found.versions)})


def _seen(one: Seen) -> schemas.Seen:
    plain = {"number": one.number, "error": one.error, "detail": one.detail, "twin": one.twin}
    rule = one.rule.code if one.rule is not None else ""
    return schemas.Seen.model_validate({**plain, "rule": rule, **_read(one.finding)})


def _read(finding: Finding | None) -> dict[str, object]:
    if finding is None:
        return {"severity": 0, "status": "", "first": None, "last": None, "normal": {}, "notes": []}
    kept = finding.normal.get("unmapped")
    notes = kept.get("hikeshi_notes", []) if isinstance(kept, dict) else []
    times = {"first": finding.first, "last": finding.last}
    return {**times, "severity": finding.severity, "status": finding.state, "normal": finding.normal, "notes": notes}
