"""Pages for people whom the door turns away before any view runs: busy, too large, too slow, failed.

They come when everything is busy: made once, before anybody is served; no database, no session, no other file. What
they bring with them, their style and one line of script, is allowed by its hash and nothing else is.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from http.cookies import CookieError, SimpleCookie
from itertools import product
from typing import Final
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from hikeshi.web import bundles, words

Headers = tuple[tuple[bytes, bytes], ...]
AGAIN: Final = "5"
"""Seconds after which a page that only asked asks again."""
_BACK: Final = "/--where-back-leads--"


@dataclass(frozen=True, slots=True)
class Said:
    title: Callable[[], str]
    lines: Callable[[], list[str]]


def _busy() -> list[str]:
    return [
        _("More is being asked of it at once than it can answer. Records are safe, and alerts are still being taken.")
    ]


def _too_large() -> list[str]:
    return [_("The desk takes no more at once. Send fewer or smaller files, or a shorter text.")]


def _slow() -> list[str]:
    return [_("It did not arrive whole in time. The line may be poor: try again, or send less at once.")]


def _failed() -> list[str]:
    return [_("Everything saved before is safe, and alerts are still being taken.")]


SAID: Final[Mapping[str, Said]] = {
    "busy": Said(lambda: _("The desk is busy at the moment"), _busy),
    "too_large": Said(lambda: _("What you sent is too large"), _too_large),
    "slow": Said(lambda: _("What you sent took too long"), _slow),
    "internal": Said(words.failed, _failed),
}
"""By the code of the door's refusal."""


class Pages:
    """Made once Django is set up; called for each refusal, in the loop that serves everybody: nothing here waits."""

    def __init__(self) -> None:
        kinds = product(dict(settings.LANGUAGES), SAID, ("page", "form", "part"))
        self._pages = {(language, code, kind): _made(language, code, kind) for language, code, kind in kinds}
        self._headers = {key: _headers(key[2], page) for key, page in self._pages.items()}

    def __call__(
        self, code: str, method: str, address: str, headers: Mapping[bytes, bytes], /
    ) -> tuple[Headers, bytes] | None:
        """None for a machine, and for what no person is told. ``address``: path and query as they were sent."""
        part = b"hx-request" in headers and method not in {"GET", "HEAD"}
        if code not in SAID or not (part or b"text/html" in headers.get(b"accept", b"")):
            return None
        written = method not in {"GET", "HEAD"}
        key = (language(headers), code, "part" if part else "form" if written else "page")
        back = _came_from(headers) if written else address
        return self._headers[key], self._pages[key].replace(_BACK, escape(_inside(back))).encode()


@cache
def pages() -> Pages:
    """Those of this process."""
    return Pages()


def language(headers: Mapping[bytes, bytes]) -> str:
    """That of the switch, else of the browser, else the site's own."""
    try:
        switched = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1")).get(settings.LANGUAGE_COOKIE_NAME)
    except CookieError:
        switched = None
    asked = [code for code, _weight in parse_accept_lang_header(headers.get(b"accept-language", b"").decode("latin-1"))]
    offered = dict(settings.LANGUAGES)
    for code in ([switched.value] if switched else []) + asked:
        if (found := code.lower().split("-")[0]) in offered:
            return found
    return settings.LANGUAGE_CODE


def _kept(code: str) -> str:
    if code == "internal":
        return _(
            "It is not certain that it was done: look before you send it again. What you typed is kept in this browser."
        )
    return _("Nothing was changed. What you typed is kept in this browser; files have to be chosen again.")


def _made(language: str, code: str, kind: str) -> str:
    said = SAID[code]
    name = "web/states/turned_part.html" if kind == "part" else "web/states/turned.html"
    with translation.override(language):
        last = (
            _("If it cannot wait: telephone.")
            if kind != "page"
            else _("This page tries again by itself every few seconds. If it cannot wait: telephone.")
        )
        kept = _kept(code) if kind != "page" else ""
        context = {"title": said.title(), "lines": said.lines(), "last": last, "kept": kept, "back": _BACK}
        return render_to_string(name, context)


def _headers(kind: str, page: str) -> Headers:
    own = [
        (b"content-security-policy", _policy(page)),
        (b"referrer-policy", b"same-origin"),
        (b"x-frame-options", b"DENY"),
        (b"vary", b"Accept, Accept-Language, Cookie"),
        (b"hikeshi-edition", bundles.edition().encode()),
    ]
    if kind == "page":
        own.append((b"refresh", AGAIN.encode()))
    elif kind == "part":
        own += [(b"hx-retarget", b"#sheet"), (b"hx-reswap", b"innerHTML")]
    return tuple(own)


def _policy(page: str) -> bytes:
    def hashes(tag: str) -> str:
        found = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        made = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in found]
        return " ".join(f"'sha256-{one}'" for one in made) or "'none'"

    own = f"style-src {hashes('style')}; script-src {hashes('script')}"
    return f"default-src 'none'; {own}; form-action 'none'; frame-ancestors 'none'; base-uri 'none'".encode()


def _came_from(headers: Mapping[bytes, bytes]) -> str:
    try:
        came = urlsplit(headers.get(b"referer", b"").decode("latin-1"))
    except ValueError:
        return "/"
    if came.netloc != headers.get(b"host", b"").decode("latin-1"):
        return "/"
    return f"{came.path}?{came.query}" if came.query else came.path


def _inside(address: str) -> str:
    """An address of this site, whatever was sent: two slashes would lead to another one."""
    return "/" + quote(address, safe="/?&=%+:;,.~-_@!$'()*").lstrip("/")
