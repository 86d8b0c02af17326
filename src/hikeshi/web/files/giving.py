"""A file on its way out: saved, never shown, and without any right in the browser that might show it all the same."""

from collections.abc import Iterator

from django.http import StreamingHttpResponse

from hikeshi.incidents import filenames

HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Download-Options": "noopen",
    "Cache-Control": "private, no-store",
}


def saved(
    name: str, chunks: Iterator[bytes], size: int | None, kind: str = "application/octet-stream"
) -> StreamingHttpResponse:
    """An answer that breaks off is shorter than its Content-Length, so nobody takes it for whole."""
    response = StreamingHttpResponse(chunks, content_type=kind, headers=HEADERS)
    response["Content-Disposition"] = filenames.disposition(name)
    if size is not None:
        response["Content-Length"] = str(size)
    return response
