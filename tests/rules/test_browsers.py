import pytest

from hikeshi.web.account.browsers import name_of

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (CHROME, "Chrome 126 · Windows"),
        (f"{CHROME} Edg/126.0.0.0", "Edge 126 · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox 128 · Linux"),
        (
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                "Version/17.5 Mobile/15E148 Safari/604.1"
            ),
            "Safari 17 · iPhone",
        ),
        (
            (
                "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
                "Mobile Safari/537.36"
            ),
            "Chrome 126 · Android",
        ),
        ("my-script " + "x" * 500, ("my-script " + "x" * 500)[:80]),
        ("", ""),
    ],
)
def test_a_browser_is_named_so_that_its_owner_knows_it(agent: str, name: str) -> None:
    assert name_of(agent) == name
