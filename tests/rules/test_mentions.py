"""What stands in an alert calls nobody in a chat tool."""

import re

from apprise.plugins.discord import USER_ROLE_DETECTION_RE
from apprise.plugins.slack import NotifySlack
from hypothesis import example, given
from hypothesis import strategies as st

from hikeshi.notify.channels.mentions import BREAKER, silenced

CALLS = (
    "<!channel>",
    "<!here|here>",
    "<!subteam^S1>",
    "<@U12345>",
    "&lt;!channel&gt;",
    "&amp;lt;!channel&gt;",
    "!channel>",
    "x@U6TTX1F9R>",
    "@channel",
    "@all",
    "x@everyone.com",
    "@Everyone",
    "@here",
    "<@&123>",
    "<@all>",
    "<users/all>",
    "<at id=all></at>",
    "<at>Mori</at>",
    '<m userId="all">',
    "@**all**",
    "@mori",
)
READ_AS_CALLS = (
    re.compile(r"(<|&lt;)[ \t]*[!@#]\w"),
    re.compile(r"!(channel|here|everyone)\b", re.IGNORECASE),
    re.compile(r"@(channel|all|here|everyone|mori|\*\*)", re.IGNORECASE),
    re.compile(r"<(at|m|users/)", re.IGNORECASE),
)
TURNED = (NotifySlack._re_channel_support, NotifySlack._re_user_id_support)
"""What Apprise writes as a mention again, by the name in its second group."""


@example("!<!channel>")
@example("@\r<!channel>")
@example("!\r&lt;!channel&gt;")
@given(st.lists(st.one_of(st.sampled_from(CALLS), st.text(max_size=6)), max_size=8).map("".join))
def test_nothing_in_a_text_calls_anybody(text: str) -> None:
    said = silenced(text)
    assert said.replace(BREAKER, "") == text.replace(BREAKER, "")
    for one in READ_AS_CALLS:
        assert one.search(said) is None, one.pattern
    for one in TURNED:
        assert all(found[1].startswith(BREAKER) for found in one.findall(said))
    named = {found[2].casefold() for found in USER_ROLE_DETECTION_RE.findall(said)}
    assert not named & {"everyone", "here"}


@given(st.from_regex(r"\A[a-z]{1,8}@[a-z]{2,8}\.example\.jp\Z"))
def test_a_mail_address_stays_one_that_can_be_copied(address: str) -> None:
    if address.partition("@")[2].partition(".")[0] not in {"all", "here", "channel", "everyone"}:
        assert silenced(f"From {address}, twice") == f"From {address}, twice"


def test_what_is_no_call_is_not_touched() -> None:
    plain = "CPU < 90 % & 3 > 2! https://desk.example.jp/a/abc?x=1&y=2 ok"
    assert silenced(plain) == plain
