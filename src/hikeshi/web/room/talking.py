"""What is said outside the desk: the conversation with the reporter, what they answered in a form of the site, and what
people at the portal are told.
"""

from hikeshi.forms import queries as forms
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.queries import Incident
from hikeshi.kernel.acting import Actor
from hikeshi.notices import queries as notices
from hikeshi.web import answered


def shown(by: Actor, record: Incident) -> dict[str, object]:
    talk = incidents.conversation_with(record)
    told = forms.told(talk.reporter) if talk is not None else []
    links = answered.links(by, [one.thing for one in told])
    return {"talk": talk, "told": told, "links": links, "outage": notices.for_room(by, record)}
