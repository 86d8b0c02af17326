"""Pages leave compressed where the browser takes it: a list is a tenth as heavy on its way."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.text import compress_string

LEAST: Final = 1_400
"""Bytes that one packet carries anyway."""
NOISE: Final = 100
"""Random bytes at most, so that the length of a page does not tell what stands in it beside a guess (BREACH); besides,
the token of every form is masked anew for each answer, and no other site's page can ask with the reader's cookie.
"""
Answer = Callable[[HttpRequest], HttpResponse]


def packed(answer: Answer) -> Answer:
    """Pages alone: files are compressed in themselves or stream, what scripts ask for is short."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if not response.get("Content-Type", "").startswith("text/html") or response.streaming:
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if response.has_header("Content-Encoding") or len(response.content) < LEAST or not _takes(request):
            return response
        response.content = compress_string(response.content, max_random_bytes=NOISE)
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.content))
        return response

    return middleware


def _takes(request: HttpRequest) -> bool:
    """RFC 9110, 12.5.3: named, and not with a weight of nothing."""
    for one in request.headers.get("Accept-Encoding", "").split(","):
        name, _semicolon, weight = one.replace(" ", "").partition(";")
        if name.lower() == "gzip":
            return not weight or weight.removeprefix("q=").strip("0.") != ""
    return False
