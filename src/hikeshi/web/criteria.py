"""The written criteria beside the field that is set by them, in every form that has it."""

from collections.abc import Mapping
from types import MappingProxyType

from django.forms import ChoiceField
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from hikeshi.incidents.criteria import CriteriaField
from hikeshi.incidents.queries import criteria
from hikeshi.web import written
from hikeshi.web.choosing import flat

FIELDS: Mapping[str, CriteriaField] = MappingProxyType(
    {
        "record_class": CriteriaField.RECORD_CLASS,
        "kind": CriteriaField.KIND,
        "impact": CriteriaField.IMPACT,
        "effect": CriteriaField.EFFECT,
        "urgency": CriteriaField.URGENCY,
        "priority": CriteriaField.ESCALATION,  # whoever weighs a priority is told whom to call at which
    }
)


def beside(bound: BoundField) -> list[tuple[str, str, SafeString]]:
    """Code, word and text for each value that is offered; nothing for a field without criteria. One small query."""
    of = FIELDS.get(bound.name)
    if of is None or bound.is_hidden or not isinstance(bound.field, ChoiceField):
        return []
    offered = None if of is CriteriaField.ESCALATION else {value for value, _word in flat(bound.field)}
    said = criteria.beside(of, (get_language() or "en")[:2])
    shown = [(value, text) for value, text in said if not offered or value in offered]
    return [(value, criteria.word(of, value), written.html(text)) for value, text in shown]
