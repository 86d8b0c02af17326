"""The rows of this domain, one file per noun; everybody imports them from here."""

from hikeshi.incidents.models.answers import Answer, Question
from hikeshi.incidents.models.assets import LinkedAsset
from hikeshi.incidents.models.criteria import Criteria, CriteriaVersion
from hikeshi.incidents.models.decisions import Cost, Decision
from hikeshi.incidents.models.files import Attachment
from hikeshi.incidents.models.merging import Merger
from hikeshi.incidents.models.planning import Milestone
from hikeshi.incidents.models.presence import Presence
from hikeshi.incidents.models.record import (
    STANDING,
    AttachedAlert,
    Confirmation,
    FactItem,
    Gate,
    Incident,
    Link,
    Moment,
    Note,
    Numbering,
    Observable,
    Part,
    Participant,
    Passage,
    Phase,
    Task,
    person_ref,
)
from hikeshi.incidents.models.reports import Message, PortalTry, Rating, Reporter, ReportingRules
from hikeshi.incidents.models.vocabularies import MatrixVersion, Vocabulary

__all__ = [
    "STANDING",
    "Answer",
    "AttachedAlert",
    "Attachment",
    "Confirmation",
    "Cost",
    "Criteria",
    "CriteriaVersion",
    "Decision",
    "FactItem",
    "Gate",
    "Incident",
    "Link",
    "LinkedAsset",
    "MatrixVersion",
    "Merger",
    "Message",
    "Milestone",
    "Moment",
    "Note",
    "Numbering",
    "Observable",
    "Part",
    "Participant",
    "Passage",
    "Phase",
    "PortalTry",
    "Presence",
    "Question",
    "Rating",
    "Reporter",
    "ReportingRules",
    "Task",
    "Vocabulary",
    "person_ref",
]
