"""Files of a record, in and out, in pieces: memory stays flat whatever their size."""

from collections.abc import Iterator
from typing import Annotated, Final
from uuid import UUID

from django.http import StreamingHttpResponse
from ninja import Query, Router

from hikeshi.api import bodies
from hikeshi.api.callers import Request
from hikeshi.api.incidents import schemas, shapes
from hikeshi.api.incidents.saving import Ref
from hikeshi.api.shapes import Cursor, Limit, listed
from hikeshi.incidents import actions, filenames, uploads
from hikeshi.incidents import queries as incidents
from hikeshi.transfer.cases.package import export

router = Router(tags=["files of an incident"], by_alias=True)
Name = Annotated[str, Query(..., max_length=1000, description="Its name, as people are to read it.")]

_BYTES: Final = {"schema": {"type": "string", "format": "binary"}}
_TAKEN: Final = {
    "requestBody": {"required": True, "content": {"application/octet-stream": _BYTES}},
    "description": (
        "The body is the file. At most as large as the site allows (413), and only while the disk has room (507). "
        "An `Idempotency-Key` is refused here: the answer's `sha256` tells what arrived."
    ),
}


def _given(kind: str, about: str) -> dict[str, object]:
    """What a route that answers with bytes adds to its description."""
    return {"responses": {200: {"description": about, "content": {kind: _BYTES}}}}


def _saved(name: str, size: int | None, kind: str, chunks: Iterator[bytes]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(chunks, content_type=kind)
    response["Content-Disposition"] = filenames.disposition(name)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    if size is not None:
        response["Content-Length"] = str(size)
    return response


@router.get("/incidents/{ref}/files", response=shapes.Files, summary="Files, the newest first, removed ones too")
def list_files(request: Request, ref: Ref, cursor: Cursor = None, limit: Limit = 50) -> shapes.Files:
    return listed(shapes.Files, incidents.files_page(request.auth, ref, cursor=cursor, limit=limit))


@router.post(
    "/incidents/{ref}/files", response={201: shapes.File}, summary="Attach a file: the body is its bytes",
    openapi_extra=_TAKEN,
)  # fmt: skip
def attach_file(request: Request, ref: Ref, name: Name) -> shapes.File:
    record = actions.ask_to_attach(request.auth, ref)
    uploads.admit(bodies.declared(request))
    kind = request.content_type or ""
    row = actions.attach_file(by=request.auth, ref=ref, name=name, content_type=kind, chunks=bodies.pieces(request))
    return shapes.File.model_validate(incidents.view_of(record, row))


@router.get(
    "/incidents/{ref}/files/{file}", summary="The bytes of a file",
    openapi_extra=_given("application/octet-stream", "The file. An answer that breaks off is not the file."),
)  # fmt: skip
def fetch_file(request: Request, ref: Ref, file: UUID) -> StreamingHttpResponse:
    row, chunks = incidents.open_file(request.auth, ref, file)
    return _saved(row.name, row.size, "application/octet-stream", chunks)


@router.get(
    "/incidents/{ref}/files/{file}/sample.zip", summary="A file in a ZIP behind the password “infected”",
    openapi_extra=_given("application/zip", "AES-256, for malware that must travel."),
)  # fmt: skip
def fetch_sample(request: Request, ref: Ref, file: UUID) -> StreamingHttpResponse:
    row, chunks, size = incidents.open_sample(request.auth, ref, file)
    return _saved(f"{row.name}.zip", size, "application/zip", chunks)


@router.post(
    "/incidents/{ref}/files/{file}/remove", response=shapes.File, summary="Remove a file and destroy its bytes"
)
def remove_file(request: Request, ref: Ref, file: UUID, wanted: schemas.FileRemove) -> shapes.File:
    row = actions.remove_file(by=request.auth, ref=ref, attachment=file, reason=wanted.reason)
    return shapes.File.model_validate(incidents.view_of(row.incident, row))


@router.get(
    "/incidents/{ref}/export.zip", summary="The whole record in one file that proves itself",
    openapi_extra=_given("application/zip", "Check it with `hikeshi verify --extract`. Recorded in the timeline."),
)  # fmt: skip
def export_incident(request: Request, ref: Ref) -> StreamingHttpResponse:
    return _saved(f"{ref}.zip", None, "application/zip", export(request.auth, ref))
