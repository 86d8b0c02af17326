from typing import Annotated, Final
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import get_language
from ninja import Query, Router

from hikeshi.api.alerts import schemas
from hikeshi.api.callers import Request
from hikeshi.api.shapes import Cursor, Limit, Words, listed
from hikeshi.intake import actions
from hikeshi.intake import queries as intake
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries import gathered, noise, silencing
from hikeshi.intake.silences import Every, Terms
from hikeshi.kernel.paging import Page, paginate

router = Router(tags=["alerts"], by_alias=True)
LARGEST_IN_LISTS: Final = 16 * 1024
RAW: Final = {"responses": {200: {"content": {"application/octet-stream": {"schema": {"type": "string"}}}}}}
Filter = Annotated[str, Query("", max_length=64)]


@router.get("/alerts", response=schemas.Alerts, summary="The queue, newest first")
def list_alerts(
    request: Request,
    *,
    q: Words = "",
    source: Filter = "",
    severity: Annotated[int, Query(0, ge=0, le=6, description="This one or graver.")] = 0,
    status: Filter = "",
    verdict: Annotated[str, Query("", max_length=64, description="One or several, with commas.")] = "",
    incident: Annotated[str, Query("", max_length=64, description="A ref, or `none`.")] = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> schemas.Alerts:
    rows = intake.alerts(
        request.auth, q=q, source=source, severity=severity, status=status, verdict=verdict, case=incident
    )
    page = paginate(rows.select_related("organisation"), order=intake.NEWEST, cursor=cursor, limit=limit)
    bodies = intake.newest_bodies(request.auth, page.items, largest=LARGEST_IN_LISTS)
    raw = {uuid: intake.text_of(body) for uuid, body in bodies.items()}
    items = [_alert(row, intake.reason_of(row, _language()), raw.get(row.uuid)) for row in page.items]
    return listed(schemas.Alerts, Page(items, page.next, page.total, page.total_exact))


def _alert(row: intake.Alert, reason: str, raw: str | None) -> schemas.Alert:
    return schemas.Alert.model_validate(row).model_copy(update={"reason": reason, "raw": raw})


def _language() -> str:
    return get_language() or "en"


@router.get("/alerts/{uuid}", response=schemas.AlertWhole, summary="One alert, with its newest body and normal form")
def show_alert(request: Request, uuid: UUID) -> schemas.AlertWhole:
    row = intake.alert(request.auth, uuid)
    shown = schemas.AlertWhole.model_validate(row)
    body = intake.raw_of(request.auth, row)
    reason, raw = intake.reason_of(row, _language()), intake.text_of(body)
    return shown.model_copy(update={"normal": row.told, "reason": reason, "raw": raw})


@router.get("/alerts/{uuid}/raw", summary="The newest body, byte for byte as it came", openapi_extra=RAW)
def show_raw(request: Request, uuid: UUID) -> HttpResponse:
    body = intake.raw_of(request.auth, intake.alert(request.auth, uuid))
    response = HttpResponse(bytes(body.body), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="alert-{uuid}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"  # a detector's bytes may be anything
    response["X-Content-Type-Options"] = "nosniff"
    return response


@router.post("/alerts/{uuid}/verdict", response=schemas.Alert, summary="Overrule the rule")
def correct_verdict(request: Request, uuid: UUID, wanted: schemas.Correction) -> schemas.Alert:
    row = actions.correct_verdict(by=request.auth, alert=uuid, verdict=wanted.verdict, reason=wanted.reason)
    return _alert(row, intake.reason_of(row, _language()), None)


@router.post("/alerts/{uuid}/snooze", response=schemas.Silence, summary="Hold one alert until then")
def snooze_alert(request: Request, uuid: UUID, wanted: schemas.Snooze) -> schemas.Silence:
    made = actions.snooze_alert(by=request.auth, alert=uuid, until=wanted.until, reason=wanted.reason)
    return schemas.Silence.model_validate(made)


@router.get("/noise", response=schemas.NoiseOfWeek, summary="What waited for people in seven days, by source and title")
def weekly_noise(request: Request) -> schemas.NoiseOfWeek:
    return schemas.NoiseOfWeek.model_validate(noise.weekly(request.auth))


@router.get("/noise/report", response=schemas.NoiseReport, summary="Whether the noise of each week is sent")
def show_noise_report(request: Request) -> schemas.NoiseReport:
    return schemas.NoiseReport(on=noise.reported(request.auth))


@router.put("/noise/report", response=schemas.NoiseReport, summary="Send the noise of each week, or no more")
def set_noise_report(request: Request, wanted: schemas.NoiseReportSet) -> schemas.NoiseReport:
    return schemas.NoiseReport(on=actions.set_noise_report(by=request.auth, on=wanted.on).reported)


@router.get("/gathered", response=schemas.GatheredOfWeek, summary="Weak signals of seven days, by day and source")
def gathered_of_week(request: Request) -> schemas.GatheredOfWeek:
    return schemas.GatheredOfWeek.model_validate(gathered.of_week(request.auth))


@router.get("/silences", response=schemas.Silences, summary="Silences and maintenance windows, newest first")
def list_silences(
    request: Request,
    stand: Annotated[str, Query("", max_length=8, description="`open` or `over`.")] = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> schemas.Silences:
    rows = silencing.listed(request.auth, stand=stand)
    return listed(schemas.Silences, paginate(rows, order=silencing.NEWEST, cursor=cursor, limit=limit))


@router.post("/silences", response={201: schemas.Silence}, summary="Hold what matches, once or again and again")
def set_silence(request: Request, new: schemas.SilenceNew, response: HttpResponse) -> schemas.Silence:
    said = new.model_dump(exclude={"organisation", "every"})
    terms = Terms(**said, every=Every(new.every))
    made = actions.set_silence(by=request.auth, organisation=new.organisation, terms=terms)
    response["Location"] = f"/api/v1/silences/{made.uuid}"
    return schemas.Silence.model_validate(made)


@router.get("/silences/{uuid}", response=schemas.Silence, summary="One silence")
def show_silence(request: Request, uuid: UUID) -> schemas.Silence:
    return schemas.Silence.model_validate(silencing.silence(request.auth, uuid))


@router.post("/silences/{uuid}/end", response=schemas.Silence, summary="End it; what it holds speaks at once")
def end_silence(request: Request, uuid: UUID) -> schemas.Silence:
    request.auth.must(Verb.JUDGE)
    return schemas.Silence.model_validate(actions.end_silence(by=request.auth, silence=uuid))


@router.get("/parked", response=schemas.ParkedList, summary="Bodies that could not be read, newest first")
def list_parked(request: Request, cursor: Cursor = None, limit: Limit = 50) -> schemas.ParkedList:
    page = paginate(intake.parked(request.auth), order=("-received_at", "-id"), cursor=cursor, limit=limit)
    return listed(schemas.ParkedList, page)


@router.post("/parked/{uuid}/replay", response=schemas.Replayed, summary="Read it again, once its mapping is mended")
def replay_parked(request: Request, uuid: UUID) -> schemas.Replayed:
    return schemas.Replayed.model_validate(actions.replay(by=request.auth, parked=uuid))


@router.delete("/parked/{uuid}", response={204: None}, summary="Decide that nothing is lost with it")
def dismiss_parked(request: Request, uuid: UUID) -> None:
    actions.dismiss_parked(by=request.auth, parked=uuid)
