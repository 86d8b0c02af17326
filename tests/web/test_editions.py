"""A page that was opened before an upgrade: it is told so, and what is typed on it is not lost."""

import re

import pytest

from hikeshi.incidents.models import Incident
from hikeshi.web import bundles
from tests.portal.reporting import ODD, filled, open_site, stranger
from tests.web import desk


def test_a_page_and_every_answer_name_the_edition_they_come_from(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = desk.browser("mori", "responder")
    answer = reader.get("/incidents/")
    said = re.search(r'data-edition="(\w{12})"', answer.content.decode())
    assert said
    assert answer.headers["Hikeshi-Edition"] == said[1] == reader.get("/nowhere/").headers["Hikeshi-Edition"]
    monkeypatch.setattr(bundles, "_manifest", lambda: {"hikeshi.js": "hikeshi.newer.js"})
    bundles.edition.cache_clear()
    part = reader.get("/incidents/", headers={"HX-Request": "true", "HX-Target": "body"})
    assert part.headers["Hikeshi-Edition"] != said[1], "what an open page hears after an upgrade"
    bundles.edition.cache_clear()


def test_what_a_page_from_before_an_upgrade_sends_is_taken_or_comes_back_with_all_that_was_typed() -> None:
    worker = desk.browser("mori", "responder")
    older = {"title": "Typed before", "description": "All of it", "gone_field": "x"}
    page = desk.page(worker.post("/incidents/new", older), 422)
    assert "Typed before" in page
    assert "All of it" in page
    place = re.search(r'name="organisation" value="([^"]+)"', page)
    whole = {**older, "kind": "malware", "impact": 2, "effect": 2, "urgency": 2}
    whole |= {"organisation": place[1]} if place else {}
    assert worker.post("/incidents/new", whole).status_code == 302, "without what the page has only since then"
    assert Incident.objects.get().title == "Typed before"
    open_site()
    typed = filled(stranger(), what="Nothing of this is lost")
    del typed["stamp"]
    assert "Nothing of this is lost" in desk.page(stranger().post(ODD, typed), 422)
