"""The incident report: copies to read, and the one that is issued."""

import base64
from typing import Annotated, Final

from django.http import HttpResponse
from django.utils.translation import get_language
from ninja import Query, Router
from pydantic import Field

from hikeshi.api.callers import Request
from hikeshi.api.incidents.saving import Ref
from hikeshi.api.shapes import Code, Input
from hikeshi.reports import issuing, making
from hikeshi.reports.codes import Format
from hikeshi.reports.making import Made

router = Router(tags=["reports"], by_alias=True)
FILE: Final = {"schema": {"type": "string", "format": "binary"}}


def _described(*forms: Format, status: int = 200) -> dict[str, object]:
    return {"responses": {status: {"content": {making.TYPES[form]: FILE for form in forms}}}}


Lang = Annotated[str, Query("", max_length=8, description="`ja` or `en`; the reader's own if left out.")]
Reading = Annotated[str, Query("", max_length=64, description="`own`, `ipa`, `sans`, `nist` or `itil`.")]


class DocumentNew(Input):
    form: Code = Field(default=Format.PDF, description="`pdf` or `docx`.")
    lang: Code = Field(default="", description="`ja` or `en`; the reader's own if left out.")
    reading: Code = ""


@router.get(
    "/incidents/{ref}/report.pdf", summary="A copy of the incident report", openapi_extra=_described(Format.PDF)
)
def show_report_pdf(request: Request, ref: Ref, lang: Lang = "", reading: Reading = "") -> HttpResponse:
    return _file(making.make(request.auth, ref, form=Format.PDF, language=_spoken(lang), reading=reading))


@router.get("/incidents/{ref}/report.docx", summary="The same for Word", openapi_extra=_described(Format.WORD))
def show_report_docx(request: Request, ref: Ref, lang: Lang = "", reading: Reading = "") -> HttpResponse:
    return _file(making.make(request.auth, ref, form=Format.WORD, language=_spoken(lang), reading=reading))


@router.post(
    "/incidents/{ref}/reports",
    summary="Issue the report: its hash stands in the ledger from then on",
    openapi_extra=_described(*Format, status=201),
)
def issue_report(request: Request, ref: Ref, new: DocumentNew) -> HttpResponse:
    made = issuing.issue(request.auth, ref, form=new.form, language=_spoken(new.lang), reading=new.reading)
    return _file(made, status=201)


def _spoken(lang: str) -> str:
    return lang or get_language() or "en"


def _file(made: Made, *, status: int = 200) -> HttpResponse:
    digest = base64.b64encode(bytes.fromhex(made.digest)).decode("ascii")
    response = HttpResponse(made.content, content_type=made.content_type, status=status)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Repr-Digest"] = f"sha-256=:{digest}:"
    return response
