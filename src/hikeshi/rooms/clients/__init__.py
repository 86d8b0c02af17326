"""The makers' interfaces, as far as rooms need them. They run outside transactions and touch no row."""

from hikeshi.notify.handing import Setup
from hikeshi.rooms.clients.calling import Client
from hikeshi.rooms.clients.line_works import Works
from hikeshi.rooms.clients.mattermost import Mattermost
from hikeshi.rooms.clients.slack import Slack
from hikeshi.rooms.clients.teams import Teams

__all__ = ["Client", "Mattermost", "Slack", "Teams", "Works", "client"]


def client(setup: Setup) -> Client:
    kinds: dict[str, type[Slack] | type[Mattermost] | type[Works] | type[Teams]] = {
        "slack": Slack,
        "mattermost": Mattermost,
        "line_works": Works,
        "teams": Teams,
    }
    return kinds[setup.kind](setup)
