"""The kinds of ways there are, and what carries each."""

from collections.abc import Mapping
from typing import Final

from hikeshi.accounts.ways import Kind
from hikeshi.kernel.http.guard import Why
from hikeshi.notify.channels.carried import Carried
from hikeshi.notify.channels.chatwork import Chatwork
from hikeshi.notify.channels.line_works import LineWorks
from hikeshi.notify.channels.mail import Mail
from hikeshi.notify.channels.push import Push
from hikeshi.notify.channels.voice import Voice
from hikeshi.notify.channels.webhook import Webhook
from hikeshi.notify.handing import Channel, Failed, Fault, Handed, Parcel, Setup
from hikeshi.notify.wording import Form

CHANNELS: Final[Mapping[str, Channel]] = {
    Kind.MAIL: Mail(),
    Kind.PHONE: Voice(),
    Kind.PUSH: Push(),
    Kind.SMS: Carried(Kind.SMS, Form.SHORT),
    Kind.SLACK: Carried(Kind.SLACK),
    Kind.TEAMS: Carried(Kind.TEAMS),
    Kind.MATTERMOST: Carried(Kind.MATTERMOST),
    Kind.LINE: Carried(Kind.LINE),
    Kind.LINE_WORKS: LineWorks(),
    Kind.CHATWORK: Chatwork(),
    Kind.NTFY: Carried(Kind.NTFY),
    Kind.WEBHOOK: Webhook(),
    Kind.APPRISE: Carried(Kind.APPRISE),
}


def form_of(kind: str) -> Form | None:
    """None for a kind that nothing carries."""
    found = CHANNELS.get(kind)
    return found.form if found else None


def makes_ready(kind: str) -> bool:
    """Whether it may begin before the word to say anything is given."""
    found = CHANNELS.get(kind)
    return found is not None and found.makes_ready


def send(parcel: Parcel, setup: Setup) -> Handed:
    """Raises Failed. Asked here too, for what calls by a program of its own and passes no other gate."""
    if setup.permitted.shut:
        raise Failed(Fault(Why.SHUT))
    return CHANNELS[setup.kind].send(parcel, setup)
