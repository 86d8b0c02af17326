"""No address without somebody who names it: a page nobody can come to is no page, and no picture shows it."""

import re

from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture import source
from tests.architecture.paths import PAGES
from tools import screens


def _names(within: URLResolver, prefix: str = "", space: str = "") -> dict[str, str]:
    """The full name of each address, and its form."""
    found = {}
    for one in within.url_patterns:
        here = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            found |= _names(one, here, f"{space}{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern) and one.name:
            found[space + one.name] = here
    return found


def _named() -> set[str]:
    files = [path for kind in ("*.html", "*.py") for path in source.PACKAGE.rglob(kind) if path.name != "urls.py"]
    words = re.compile(r"""["']((?:\w+:)?\w+)["']""")
    return {word for path in files for word in words.findall(path.read_text(encoding="utf-8"))}


def test_every_address_of_a_page_is_named_by_some_page() -> None:
    asked = {line.partition(" ")[2] for line in PAGES}
    names = {name: route for name, route in _names(get_resolver()).items() if route in asked}
    assert len(names) > 200
    named = _named()
    assert {name: route for name, route in names.items() if name not in named} == {}


def test_pictures_leave_out_only_pages_there_are() -> None:
    """What ``make screens`` does not show it says why; and what it would miss fails it."""
    asked = {line.partition(" ")[2] for line in PAGES}
    assert [one for one in screens.UNSHOWN if not any(route.startswith(one) for route in asked)] == []
    assert "load/" in screens.missing(set())
    assert "load/" not in screens.missing({"load/"})
