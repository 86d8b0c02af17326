"""Names that strangers give to files."""

import pytest

from hikeshi.incidents.filenames import LONGEST, Look, disposition, look, safe, tidy


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("report.pdf", "report.pdf"),
        ("ﾏｸﾛ付き請求書.xlsm", "ﾏｸﾛ付き請求書.xlsm"),  # half-width kana stay as they were given
        ("か\u3099.txt", "が.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\System32\\cmd.exe", "cmd.exe"),
        ("/", "unnamed"),
        ("", "unnamed"),
        ("   ", "unnamed"),
        ("a\x00b\nc\x1b[31m.txt", "a_b_c_[31m.txt"),
        ("invoice\u202efdp.exe", "invoice_fdp.exe"),  # reads exe.pdf where it is obeyed
        ("\u2066x\u2069\ufeff.js", "_x__.js"),
        ("half\ud800.txt", "half_.txt"),
        ("👩\u200d💻.txt", "👩\u200d💻.txt"),
        ("<script>alert(1)</script>.html", "script>.html"),
    ],
)
def test_a_name_is_shown_as_given_but_for_what_cannot_be_seen_or_leads_elsewhere(given: str, shown: str) -> None:
    assert tidy(given) == shown
    assert tidy(shown) == shown


@pytest.mark.parametrize("name", ["火" * 300 + ".docx", "a" * 300, "x." + "y" * 400, "." + "火" * 200])
def test_a_name_that_is_too_long_keeps_its_ending_and_whole_letters(name: str) -> None:
    short = tidy(name)
    assert 200 < len(short.encode()) <= LONGEST
    assert short.encode().decode() == short
    assert not name.endswith(".docx") or short.endswith("火.docx")


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("console.log", "console.log"),
        ("a:b*c?.txt", "a_b_c_.txt"),
        ("trailing. . ", "trailing"),
        (".htaccess", "htaccess"),
        ("...", "unnamed"),
    ],
)
def test_what_is_saved_is_safe_on_every_system(name: str, saved: str) -> None:
    assert safe(name) == saved


def test_the_header_breaks_for_no_name() -> None:
    header = disposition('ﾏｸﾛ"; filename=evil.exe;\r\nX: y.xlsm')
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert header.startswith('attachment; filename="___')
    assert "filename*=UTF-8''%EF%BE%8F" in header


@pytest.mark.parametrize(
    ("name", "seems"),
    [
        ("a.PDF", Look.DOCUMENT),
        ("a.jpg", Look.IMAGE),
        ("a.ps1", Look.PROGRAM),
        ("a.7z", Look.ARCHIVE),
        ("a", Look.OTHER),
    ],
)
def test_the_look_follows_the_ending_alone(name: str, seems: Look) -> None:
    assert look(name) is seems
