"""The reporter's part of the room: the conversation, and what they answered in a form of the site."""

from hikeshi.forms import queries as forms
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.queries import Incident


def shown(record: Incident) -> dict[str, object]:
    talk = incidents.conversation_with(record)
    return {"talk": talk, "told": forms.told(talk.reporter) if talk is not None else []}
