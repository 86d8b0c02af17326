"""Words from outside name nobody: what a chat tool would read as a call to people stays text there. Pure.

Slack <!channel> <@U1> <!subteam^S1>, and what Apprise turns into them again (!channel> and &lt;!channel&gt;);
Mattermost, Rocket.Chat and Discord @channel @all @here @everyone; Discord <@1> <@&1>; Webex <@all>; Google Chat
<users/all>; Feishu and Teams <at …>; LINE WORKS <m userId="all">; Zulip @**all**. Chatwork has brackets of its own.
"""

import re
from typing import Final

BREAKER: Final = "\u200b"
_TAG: Final = re.compile(r"<(?=[^\s\d=])|&(?=(?:amp;)*(?:lt|#0*60|#x0*3c);)", re.IGNORECASE)
_BANG: Final = re.compile(r"!(?=(?:channel|here|everyone|subteam|group)\b)", re.IGNORECASE)
_NAMING: Final = re.compile(r"!(?=[^| \n])")
"""What Apprise puts into a tag of Slack's wherever some sign further on closes it."""
_AT: Final = re.compile(
    r"@(?=[^ \n])(?!(?<=\w@)(?!(?:everyone|channel|here|all)\b)[a-z0-9-]+(?:\.[a-z0-9-]+)+(?![\w.|>-]))", re.IGNORECASE
)
"""Any but that of a mail address."""


def silenced(text: str) -> str:
    """Looks the same; a sign of no width stands where a mention would begin."""
    closed = ">" in text or "&gt;" in text.lower()
    for sign in (_TAG, _NAMING if closed else _BANG, _AT):
        text = sign.sub(lambda found: f"{found[0]}{BREAKER}", text)
    return text
