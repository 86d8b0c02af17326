"""The record's way: phases, gates, who has it, how it ends."""

from django.http import HttpResponse
from ninja import Router

from hikeshi.api.callers import Request
from hikeshi.api.incidents import schemas, shapes
from hikeshi.api.incidents.saving import GUARDED, Ref, owner_named, shown, version_read
from hikeshi.incidents import actions

router = Router(tags=["course of an incident"], by_alias=True)


@router.post(
    "/incidents/{ref}/move", response=shapes.Incident, summary="Start a phase; open ones end", openapi_extra=GUARDED
)
def move(request: Request, ref: Ref, wanted: schemas.Move, response: HttpResponse) -> shapes.Incident:
    record = actions.move(
        by=request.auth,
        ref=ref,
        phase=wanted.phase,
        keep_open=wanted.keep_open,
        override_reason=wanted.override_reason,
        version=version_read(request, ref, wanted),
    )
    return shown(response, record)


@router.post("/incidents/{ref}/phases/{phase}/finish", response=shapes.Incident, summary="End a phase")
def finish_phase(
    request: Request, ref: Ref, phase: str, wanted: schemas.FinishPhase, response: HttpResponse
) -> shapes.Incident:
    record = actions.finish_phase(by=request.auth, ref=ref, phase=phase, override_reason=wanted.override_reason)
    return shown(response, record)


@router.post("/incidents/{ref}/phases/{phase}/skip", response=shapes.Incident, summary="Leave a phase out, and say why")
def skip_phase(
    request: Request, ref: Ref, phase: str, wanted: schemas.Because, response: HttpResponse
) -> shapes.Incident:
    return shown(response, actions.skip_phase(by=request.auth, ref=ref, phase=phase, reason=wanted.reason))


@router.put("/incidents/{ref}/phases/{phase}/owner", response={204: None}, summary="Give a phase to somebody")
def set_phase_owner(request: Request, ref: Ref, phase: str, wanted: schemas.PhaseOwner) -> None:
    actions.set_phase_owner(by=request.auth, ref=ref, phase=phase, owner=owner_named(request, wanted.owner))


@router.post("/incidents/{ref}/gates/{gate}/confirm", response={204: None}, summary="Your word that a gate holds")
def confirm_gate(request: Request, ref: Ref, gate: str, wanted: schemas.Confirm) -> None:
    actions.confirm_gate(by=request.auth, ref=ref, gate=gate, note=wanted.note)


@router.post(
    "/incidents/{ref}/assign", response=shapes.Incident, summary="Give the record to one person", openapi_extra=GUARDED
)
def assign(request: Request, ref: Ref, wanted: schemas.Assign, response: HttpResponse) -> shapes.Incident:
    version = version_read(request, ref, wanted)
    owner = owner_named(request, wanted.owner)
    return shown(response, actions.assign(by=request.auth, ref=ref, owner=owner, version=version, free=wanted.free))


@router.put(
    "/incidents/{ref}/estimate", response=shapes.Incident, summary="How much work is left", openapi_extra=GUARDED
)
def estimate(request: Request, ref: Ref, wanted: schemas.Estimate, response: HttpResponse) -> shapes.Incident:
    version = version_read(request, ref, wanted)
    return shown(response, actions.estimate(by=request.auth, ref=ref, minutes=wanted.minutes, version=version))


@router.post("/incidents/{ref}/acknowledge", response=shapes.Incident, summary="Say that somebody has seen it")
def acknowledge(request: Request, ref: Ref, response: HttpResponse) -> shapes.Incident:
    return shown(response, actions.acknowledge(by=request.auth, ref=ref))


@router.post(
    "/incidents/{ref}/classify",
    response=shapes.Incident,
    summary="Decide what the record is, and why",
    openapi_extra=GUARDED,
)
def classify(request: Request, ref: Ref, wanted: schemas.Classify, response: HttpResponse) -> shapes.Incident:
    record = actions.classify(
        by=request.auth,
        ref=ref,
        record_class=wanted.record_class,
        reason=wanted.reason,
        version=version_read(request, ref, wanted),
    )
    return shown(response, record)


@router.post(
    "/incidents/{ref}/close",
    response=shapes.Incident,
    summary="Close it: how it ended, and what it was",
    openapi_extra=GUARDED,
)
def close(request: Request, ref: Ref, wanted: schemas.Close, response: HttpResponse) -> shapes.Incident:
    record = actions.close(
        by=request.auth,
        ref=ref,
        resolution=wanted.resolution,
        record_class=wanted.record_class,
        override_reason=wanted.override_reason,
        version=version_read(request, ref, wanted),
    )
    return shown(response, record)


@router.post("/incidents/{ref}/reopen", response=shapes.Incident, summary="Take it up again", openapi_extra=GUARDED)
def reopen(request: Request, ref: Ref, wanted: schemas.Reopen, response: HttpResponse) -> shapes.Incident:
    version = version_read(request, ref, wanted)
    return shown(response, actions.reopen(by=request.auth, ref=ref, reason=wanted.reason, version=version))


@router.post(
    "/incidents/{ref}/wait",
    response=shapes.Incident,
    summary="Wait for the reporter, a supplier or a planned time",
    openapi_extra=GUARDED,
)
def wait(request: Request, ref: Ref, wanted: schemas.Wait, response: HttpResponse) -> shapes.Incident:
    record = actions.wait(
        by=request.auth,
        ref=ref,
        waiting=wanted.waiting,
        until=wanted.until,
        reason=wanted.reason,
        version=version_read(request, ref, wanted),
    )
    return shown(response, record)


@router.post("/incidents/{ref}/resume", response=shapes.Incident, summary="The wait is over")
def resume(request: Request, ref: Ref, response: HttpResponse) -> shapes.Incident:
    return shown(response, actions.resume(by=request.auth, ref=ref))


@router.post("/incidents/{ref}/restrict", response=shapes.Incident, summary="Only its people see it from now on")
def restrict(request: Request, ref: Ref, wanted: schemas.Because, response: HttpResponse) -> shapes.Incident:
    return shown(response, actions.restrict(by=request.auth, ref=ref, reason=wanted.reason))


@router.post("/incidents/{ref}/unrestrict", response=shapes.Incident, summary="Everybody entitled sees it again")
def unrestrict(request: Request, ref: Ref, wanted: schemas.Because, response: HttpResponse) -> shapes.Incident:
    return shown(response, actions.unrestrict(by=request.auth, ref=ref, reason=wanted.reason))


@router.post("/incidents/{ref}/break_glass", response=shapes.Incident, summary="Look in for four hours, announced")
def break_glass(request: Request, ref: Ref, wanted: schemas.Because, response: HttpResponse) -> shapes.Incident:
    return shown(response, actions.break_glass(by=request.auth, ref=ref, reason=wanted.reason))
