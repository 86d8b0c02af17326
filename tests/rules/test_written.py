"""What people write as Markdown is shown as it reads, and does nothing."""

import pytest

from hikeshi.web import written


def test_characters_that_turn_writing_round_are_shown_by_name_in_notes_too() -> None:
    assert written.html("invoice\u202egnp.exe") == "<p>invoice[U+202E]gnp.exe</p>\n"


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://elsewhere.example/seen.png)",
        '<a href="https://x" onclick="alert(1)">x</a>',
        "[x](https://x 'y\" onmouseover=alert(1) \"')",
        "<javascript:alert(1)>",
    ],
)
def test_nothing_written_runs_or_calls_out(typed: str) -> None:
    shown = written.html(typed)
    assert not any(bad in shown for bad in ("<script", "<img", 'href="javascript', 'href="data', '" onm', "<a on"))
