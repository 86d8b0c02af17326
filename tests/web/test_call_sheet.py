"""The call sheet: whom to call in which order, on the screen and on one page of paper, for when the network is down."""

import pypdfium2
import pytest

from hikeshi.accounts import actions
from hikeshi.accounts.drafts import CallLineDraft, PartyDraft
from hikeshi.kernel.acting import system
from tests import world
from tests.web.desk import browser, page

DESK = system("test")


def sheet() -> str:
    """Eighteen lines, as a large office would have them: two numbers each, and the police."""
    place = world.site().uuid
    lines = []
    for number in range(17):
        person = world.person(f"p{number}", "responder")
        owner = f"person:{person.uuid}"
        way = actions.add_way(by=DESK, owner=owner, kind="phone", address=f"03-1234-56{number:02}")
        actions.add_way(by=DESK, owner=owner, kind="sms", address=f"090-1234-56{number:02}")
        actions.prove_way(by=DESK, way=way.uuid, how="answered")
        lines.append(CallLineDraft(owner, "Network" if number else "Night watch"))
    police = actions.add_party(by=DESK, organisation=place, draft=PartyDraft(kind="police", name="Cyber police"))
    lines.append(CallLineDraft(f"party:{police.uuid}"))
    actions.set_call_sheet(by=DESK, organisation=place, lines=lines)
    return str(place)


@pytest.mark.parametrize(
    ("language", "words"), [("ja", ("緊急連絡表", "番号なし")), ("en", ("Call sheet", "No number is known"))]
)
def test_the_call_sheet_is_one_page_of_paper_with_every_number_in_order(language: str, words: tuple[str, str]) -> None:
    place = sheet()
    client = browser("chief", "commander")
    shown = page(client.get(f"/contacts/sheet/{place}/"))
    assert shown.index("P0") < shown.index("P16") < shown.index("Cyber police")
    printed = client.get(f"/contacts/sheet/{place}/sheet.pdf?lang={language}")
    assert (printed.status_code, printed["Content-Type"]) == (200, "application/pdf")
    paper = pypdfium2.PdfDocument(printed.content)
    assert len(paper) == 1
    text = paper[0].get_textpage().get_text_bounded()
    squeezed = text.replace("-", "").replace(" ", "").replace("\u2011", "")
    assert all(f"03123456{number:02}" in squeezed for number in range(17))
    assert all(f"090123456{number:02}" in squeezed for number in range(17))
    assert "Night watch" in text
    assert text.index("P0") < text.index("P16") < text.index("Cyber police")
    assert all(word in text.replace("\n", "") for word in words)


def test_a_sheet_that_nobody_has_put_in_order_is_proposed_and_strangers_see_none() -> None:
    person = world.person("chief", "commander")
    actions.add_way(by=DESK, owner=f"person:{person.uuid}", kind="phone", address="03-1234-5678")
    place = world.site().uuid
    said = page(browser("chief").get(f"/contacts/sheet/{place}/"))
    assert ("Nobody has settled the order yet" in said, "Chief" in said) == (True, True)
    stranger = browser("stranger")
    assert stranger.get(f"/contacts/sheet/{place}/sheet.pdf").status_code in {403, 404}
