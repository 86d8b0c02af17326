"""PDF and Word out of a tree of data: whatever people wrote is there to be read, and nothing of it is obeyed."""

import io
import random
import re
import shutil
import subprocess
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn

from hikeshi.documents import fonts, pdf, texts, word
from hikeshi.documents.refusals import DocumentBusy, DocumentTooLarge, FontsMissing
from hikeshi.documents.tree import (
    Block,
    Break,
    Bullets,
    Column,
    Document,
    Front,
    Heading,
    Notice,
    Pairs,
    Paper,
    Paragraph,
    Poster,
    Span,
    Table,
    Tone,
)
from hikeshi.reports import wording

NASTY = (
    '#set text(red) #read("/etc/passwd") $x^2$ @ref \\n `raw` *b* _i_ <label> // no /* x */ #import "@preview/x:1"',
    "]}] \\u{0} #panic() #{ while true {} } {{ 1 + 1 }} {% raise %} </w:t> <script> & \" ' ]]>",
)


def document(*blocks: Block, language: str = "ja", title: str = "共有サーバの障害") -> Document:
    front = Front(kind="報告書", title=title, state="下書き", above=("文書番号 1",), rows=(("区分", "事故"),))
    return Document(
        title=title,
        language=language,
        front=front,
        blocks=blocks,
        author="山田 太郎",
        made_at=datetime(2026, 11, 21, 10, 12, tzinfo=UTC),
        marking="TLP:AMBER",
        running="INC-2026-0001",
        foot="Site",
        page="{n} / {m}",
    )


def pages(content: bytes) -> list[str]:
    """The text of each page, places to break a line taken out."""
    read = pypdfium2.PdfDocument(content)
    found = [page.get_textpage().get_text_range() for page in read]
    return [text.replace("\r\n", "\n").replace("\u200b", "").replace("\ufffe", "") for text in found]


def read(content: bytes) -> str:
    """All of the text, lines run together."""
    return "".join("\n".join(pages(content)).split())


def paragraphs(content: bytes) -> list[str]:
    body = docx.Document(io.BytesIO(content)).element.body
    return ["".join(node.text or "" for node in one.iter(qn("w:t"))) for one in body.iter(qn("w:p"))]


@pytest.mark.parametrize("text", NASTY)
def test_nothing_people_wrote_is_taken_for_markup(text: str) -> None:
    tree = document(
        Heading(text), Paragraph(text), Pairs(((text, text),)), Table((Column(text),), ((text,),)), Bullets((text,)),
        title=text,
    )  # fmt: skip
    assert read(pdf.render(tree)).count("".join(text.split())) >= 6
    found = paragraphs(word.render(tree))
    assert sum(text in one for one in found) >= 6


def test_what_cannot_be_shown_as_itself_is_shown_by_its_number() -> None:
    told = "a\x00b\x07c \ud800 \u202egnp.exe አ か\u3099"
    shown = read(pdf.render(document(Paragraph(told))))
    assert "a[U+0000]b[U+0007]c[U+D800][U+202E]gnp.exe[U+12A0]" in shown
    assert "が" in shown  # put together as the fonts have it
    written = "".join(paragraphs(word.render(document(Paragraph(told)))))
    assert "a[U+0000]b[U+0007]c [U+D800] [U+202E]gnp.exe አ" in written


def test_names_and_messages_in_other_scripts_are_written_in_their_own_letters() -> None:
    told = (
        "Łukasz Żółć Çağlar Україна Ελλάδα ά 张伟的账户严重 帳號 안녕하세요 नमस्ते क्षत्रिय שלום สวัสดีชาวโลก مرحبا بالعالم "
        "🔥 👩\u200d🚒 👍🏽 ✅ 🇯🇵"
    )
    assert texts.printable(told) == told
    made = pdf.render(document(Paragraph(told)))
    for font in ("NotoSans-", "Arabic", "Hebrew", "Thai", "NanumGothic", "XiaoWei", "NotoEmoji"):
        assert re.search(rf"/FontName\s*/[A-Z]{{6}}\+\w*{font}", made.decode("latin-1")), font
    shown = read(made)
    for word_ in (
        "Łukasz",
        "Żółć",
        "Україна",
        "张伟的账户严重",
        "帳號",
        "안녕하세요",
        "क्षत्रिय",
        "שלום",
        "🔥",
        "👩\u200d🚒",
    ):
        assert word_ in shown, word_
    assert told in "".join(paragraphs(word.render(document(Paragraph(told)))))


def test_a_text_the_japanese_fonts_can_write_reads_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "OTHERS", Path("/nowhere"))
    assert fonts.families(frozenset(map(ord, "利用者 café Привет ①"))) == []
    assert b"/NotoEmoji" not in pdf.render(document(Paragraph("利用者")))


def test_where_a_long_word_is_divided_no_mark_loses_its_letter_and_no_joined_word_its_form() -> None:
    for told in ("ก็" * 30, "👩\u200d🚒" * 12, "ب" * 60, "e\u0316" * 40):
        shown = texts.printable(told)
        assert shown.replace(texts.BREAK, "") == told
        for piece in shown.split(texts.BREAK)[1:]:
            assert unicodedata.category(piece[0])[0] not in {"M", "C"}, piece
    assert texts.BREAK in texts.printable("ก็" * 30)
    assert texts.BREAK not in texts.printable("ب" * 60)


def test_every_letter_of_japanese_writing_is_in_the_fonts() -> None:
    letters = "".join(chr(code) for code in (*range(0x3041, 0x3097), *range(0x30A1, 0x30FB), *range(0xFF61, 0xFFA0)))
    letters += "亜腕一丁七髙﨑鷗令和①⑳㈱〒々〆ヶ「」、。・ー~…‥※→■□◆●○△▽✓"
    assert not {one for one in letters if ord(one) not in fonts.written()} - {"✓"}


def test_a_word_without_end_stays_on_the_page_and_can_be_found_whole() -> None:
    endless = "https://example.com/" + "a" * 2_000
    content = pdf.render(document(Table((Column("x"), Column("y")), ((endless, "Z" * 3_000),))))
    shown = read(content)
    assert (shown.count("a"), shown.count("Z")) == (2_000 + "example".count("a"), 3_000)
    page = pypdfium2.PdfDocument(content)[0].get_textpage()
    assert max(page.get_charbox(place)[2] for place in range(page.count_chars())) < 595 - 56  # A4 without its margin
    assert texts.BREAK in texts.printable("f" * 64)
    assert texts.BREAK not in texts.printable("あ" * 400)  # Japanese breaks anywhere by itself


def test_half_a_megabyte_of_text_is_set_in_time() -> None:
    content = pdf.render(document(Paragraph("共有サーバのログ。" * 55_000)))
    assert len(pages(content)) > 100


def test_more_than_a_document_may_hold_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DocumentTooLarge):
        pdf.render(document(Paragraph("x" * (pdf.LARGEST + 1))))
    monkeypatch.setattr(pdf, "LONGEST", 0.01)
    with pytest.raises(DocumentTooLarge):
        pdf.render(document(Paragraph("it takes longer than that")))


def test_only_so_many_are_made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "PATIENCE", 0.01)
    turns = [pdf.turn() for _ in range(pdf.AT_ONCE)]
    for one in turns:
        one.__enter__()
    try:
        with pytest.raises(DocumentBusy):
            pdf.render(document())
        with pytest.raises(DocumentBusy):
            word.render(document())
    finally:
        for one in turns:
            one.__exit__(None, None, None)
    assert word.render(document())


def test_without_its_fonts_no_pdf_is_made_and_the_missing_one_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copy(fonts.FOLDER / fonts.FILES[0], tmp_path)
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    with pytest.raises(FontsMissing) as refusal:
        pdf.render(document())
    assert refusal.value.fields == {"name": "NotoSansJP-Bold.ttf"}


def test_a_pdf_says_what_it_is_in_what_language_and_is_made_to_be_kept_and_read_out() -> None:
    content = pdf.render(document(Heading("概要"), Heading("詳細", 2), Heading("経過"), language="ja"))
    about = pypdfium2.PdfDocument(content).get_metadata_dict()
    assert about["Title"] == "共有サーバの障害"
    assert about["Author"] == "山田 太郎"
    assert about["CreationDate"] == "D:20261121101200Z"
    for said in (b"/MarkInfo", b"/Lang(ja-JP)", b"<pdfaid:part>2</pdfaid:part>", b"<pdfuaid:part>1</pdfuaid:part>"):
        assert said in content.replace(b"/Lang (", b"/Lang("), said
    assert b"NotoSansJP" in content
    outline = [one.get_title() for one in pypdfium2.PdfDocument(content).get_toc()]
    assert outline == ["1. 概要", "1.1 詳細", "2. 経過"]


def test_marking_and_page_number_stand_on_every_page_and_the_head_of_a_table_too() -> None:
    rows = tuple((str(number), "内容" * 30) for number in range(120))
    found = pages(
        pdf.render(document(Table((Column("番号"), Column("内容列", 4)), rows), Break(), Paragraph("終わり")))
    )
    assert len(found) > 3
    for place, text in enumerate(found, start=1):
        assert "TLP:AMBER" in text
        assert f"{place} / {len(found)}" in text
    assert all("内容列" in text for text in found[:-1])
    assert "終わり" in found[-1]
    assert "内容列" not in found[-1]


def test_a_poster_is_one_page_for_forty_lines_and_says_how_many_pages_it_takes_where_it_is_more() -> None:
    def poster(lines: int, paper: Paper) -> list[str]:
        row = (Span("山田 太郎", Tone.STRONG), Span("情報システム部", Tone.QUIET))
        ways = ("090-1234-5678 (2026-11-21)", "03-5555-0000 (2026-11-21)", "someone@example.jp (2026-11-21)")
        rows = tuple((str(number), row, ways) for number in range(1, lines + 1))
        tree = document(Table((Column("", 0.3), Column("相手", 2), Column("番号", 4)), rows))
        return pages(pdf.render(replace(tree, poster=Poster(paper, "全{m}ページ"))))

    (one,) = poster(40, Paper.A4)
    assert "全" not in one
    assert "40" in one
    several = poster(150, Paper.A4)
    assert len(several) > 1
    assert f"全{len(several)}ページ" in several[0]
    assert "相手" in several[-1]
    assert len(poster(150, Paper.A3)) < len(several)


def test_the_same_tree_makes_the_same_file() -> None:
    tree = document(Paragraph("同じ"))
    assert pdf.render(tree) == pdf.render(tree)


def test_word_has_real_headings_repeated_table_heads_and_japanese_fonts() -> None:
    tree = document(
        Heading("概要"), Heading("詳細", 2), Paragraph("本文"), Notice("注意"),
        Table((Column("番号"), Column("内容", 3)), (("1", (Span("一", Tone.STRONG), "二")),)),
    )  # fmt: skip
    file = docx.Document(io.BytesIO(word.render(tree)))
    styles = {one.text: one.style.name for one in file.paragraphs}
    assert styles["1. 概要"] == "Heading 1"
    assert styles["1.1 詳細"] == "Heading 2"
    head, row = file.tables[-1].rows
    assert head._tr.trPr.find(qn("w:tblHeader")) is not None
    assert row._tr.trPr.find(qn("w:tblHeader")) is None
    assert [cell.text for cell in row.cells] == ["1", "一\n二"]
    for name in ("Normal", "Heading 1", "Title"):
        rules = file.styles[name].element.rPr
        assert rules.find(qn("w:rFonts")).get(qn("w:eastAsia")) == "Yu Gothic"
        assert rules.find(qn("w:lang")).get(qn("w:eastAsia")) == "ja-JP"
    assert "TLP:AMBER" in file.sections[0].header.paragraphs[0].text
    assert "NUMPAGES" in file.sections[0].footer._element.xml
    assert (file.core_properties.title, file.core_properties.language) == ("共有サーバの障害", "ja")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not on this machine")
def test_libreoffice_shows_the_word_file_without_loss(tmp_path: Path) -> None:
    rows = tuple((f"行{number}", "内容" * 20) for number in range(80))
    tree = document(Heading("概要"), Paragraph(NASTY[0]), Table((Column("番号"), Column("内容列", 4)), rows))
    (tmp_path / "r.docx").write_bytes(word.render(tree))
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    command = [
        "soffice",
        home,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "r.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=110)
    found = pages((tmp_path / "r.pdf").read_bytes())
    shown = "".join("".join(found).split())
    assert "".join(NASTY[0].split()) in shown
    assert all(f"行{number}" in shown for number in range(80))
    assert all("内容列" in text for text in found)


def test_what_holds_no_mark_of_markdown_is_taken_as_it_is_and_reads_the_same_as_by_the_reader() -> None:
    """The short way for most notes may never say anything else than the long one."""
    alphabet = [
        *"ab 19.:,;/'\"?%@-_あ。、「」＊\u3000漢字\n-1+*#\t\\",
        "http://x",
        "__init__",
        "\n1. ",
        "---",
        "&amp;",
        "\r\n",
        "~~",
        "<b>",
    ]
    chance, taken = random.Random(1), 0
    for _ in range(4_000):
        text = "".join(chance.choices(alphabet, k=chance.randint(1, 9)))
        taken += wording.plain(text)
        assert wording.unmarked(text) == wording.read(text), text
    assert taken > 200


def test_latin_words_and_times_in_a_japanese_word_file_are_not_broken_within() -> None:
    """As Japanese, Word and LibreOffice would break 15:06 after the zero."""
    file = docx.Document(io.BytesIO(word.render(document(Paragraph("完了は 2026-11-22 15:06:05 です。")))))
    assert {style.element.rPr.find(qn("w:lang")).get(qn("w:val")) for style in (file.styles["Normal"],)} == {"en-GB"}
