"""Why the text of a rule cannot be used, and the codes of rules, in words. Read before Django's settings are."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

REASONS: Final[Mapping[str, Promise]] = {
    "both_languages": gettext_lazy("Write it in both languages."),
    "rule_aggregation": gettext_lazy("Line %(line)s: counting is not possible in the condition of a rule."),
    "rule_code": gettext_lazy("A code is up to 60 small letters, digits, _ or -, and begins with a letter or digit."),
    "rule_condition": gettext_lazy("Line %(line)s: the condition cannot be read. %(detail)s"),
    "rule_correlation": gettext_lazy(
        "Line %(line)s: a correlation names its signals; what they look for stands in documents of their own below it."
    ),
    "rule_correlation_condition": gettext_lazy(
        "Line %(line)s: the condition is a number with gte or gt; other comparisons would depend on what comes late."
    ),
    "rule_correlation_limits": gettext_lazy(
        "Line %(line)s: counts go from 1 to %(count)s, and the time span goes up to %(days)s days."
    ),
    "rule_correlation_name": gettext_lazy("Line %(line)s: a correlation has no part called “%(name)s”."),
    "rule_correlation_part": gettext_lazy("Line %(line)s: this part of the correlation cannot be used. %(detail)s"),
    "rule_correlation_signal": gettext_lazy(
        "Line %(line)s: no document below describes the signal “%(name)s”; it begins with “---” and has this name."
    ),
    "rule_correlation_type": gettext_lazy("Line %(line)s: “%(name)s” is no type of correlation. There are: %(kinds)s."),
    "rule_empty": gettext_lazy("Line %(line)s: “%(name)s” asks for nothing."),
    "rule_field": gettext_lazy(
        "Line %(line)s: “%(name)s” is not a name of the normal form. What only the source knows stands below unmapped."
    ),
    "rule_field_near": gettext_lazy(
        "Line %(line)s: “%(name)s” is not a name of the normal form. Did you mean %(meant)s?"
    ),
    "rule_hikeshi": gettext_lazy("Line %(line)s: leave out “hikeshi”; what stands below it has its own fields here."),
    "rule_lines": gettext_lazy("Say at least one thing the rule asks for."),
    "rule_logsource": gettext_lazy(
        "Line %(line)s: logsource has “category: finding”, and may have a product: the code of a source."
    ),
    "rule_modifier": gettext_lazy("Line %(line)s: the modifier “%(name)s” cannot be used here."),
    "rule_nested": gettext_lazy("Line %(line)s: nested too deeply."),
    "rule_no_condition": gettext_lazy("Line %(line)s: the condition is missing."),
    "rule_no_detection": gettext_lazy("Line %(line)s: there is nothing below “detection”."),
    "rule_no_exception": gettext_lazy("The alert names nothing by which it could be told from others."),
    "rule_no_table": gettext_lazy("Line %(line)s: a rule is written as names and values (YAML)."),
    "rule_line": gettext_lazy(
        "Line %(line)s cannot be read. A line takes at most %(limit)s characters; write the other values into a line "
        "of their own that begins with “or else”."
    ),
    "rule_not_a_number": gettext_lazy("Line %(line)s: a number is needed here."),
    "rule_pattern": gettext_lazy("Line %(line)s: the pattern cannot be used. %(detail)s"),
    "rule_pattern_backtracks": gettext_lazy(
        "Line %(line)s: look-around and references back are not possible, because they can take for ever."
    ),
    "rule_pattern_grows": gettext_lazy(
        "Line %(line)s: the pattern repeats so much that it would fill the memory. Ask for less, or use contains."
    ),
    "rule_placeholder": gettext_lazy("Line %(line)s: there is no list “%(name)s” for expand. There are: %(known)s."),
    "rule_quotes": gettext_lazy("Line %(line)s: put “%(name)s” in quotes."),
    "rule_reference": gettext_lazy("Line %(line)s: references (& and *) cannot be used; put the value in quotes."),
    "rule_selection": gettext_lazy("Line %(line)s: the condition names “%(name)s”, which is not described."),
    "rule_too_long": gettext_lazy("The text is too long: at most %(limit)s characters."),
    "rule_too_wide": gettext_lazy(
        "This rule would decide %(hits)s of the last %(of)s alerts. If that is what you want, say so."
    ),
    "rule_twice": gettext_lazy("Line %(line)s: “%(name)s” stands twice."),
    "rule_unusable": gettext_lazy("Line %(line)s cannot be used. %(detail)s"),
    "rule_yaml": gettext_lazy("Line %(line)s: this is not YAML. %(detail)s"),
}

LABELS: Final[Mapping[str, Mapping[str, Promise | str]]] = {
    "rule_state": {
        "draft": pgettext_lazy("rule_state", "Draft"),
        "on": pgettext_lazy("rule_state", "On"),
        "off": pgettext_lazy("rule_state", "Off"),
    },
    "rule_fault": {
        "error": pgettext_lazy("rule_fault", "it failed on an alert"),
        "slow": pgettext_lazy("rule_fault", "it took too long over an alert"),
    },
    "rule_origin": {
        "shipped": pgettext_lazy("rule_origin", "Shipped"),
        "file": pgettext_lazy("rule_origin", "A file"),
        "site": pgettext_lazy("rule_origin", "This site's"),
        "changed": pgettext_lazy("rule_origin", "Shipped, changed here"),
    },
    "rule_verdict": {
        "drop": pgettext_lazy("rule_verdict", "Drop as noise"),
        "keep": pgettext_lazy("rule_verdict", "Keep for people to look at"),
        "gather": pgettext_lazy("rule_verdict", "Gather with its like, to be looked at once a day"),
        "attach": pgettext_lazy("rule_verdict", "Attach to an open incident"),
        "open": pgettext_lazy("rule_verdict", "Open an incident"),
    },
    "rule_part": {
        "title_en": pgettext_lazy("rule_part", "Name, English"),
        "title_ja": pgettext_lazy("rule_part", "Name, Japanese"),
        "sigma": pgettext_lazy("rule_part", "Sigma text"),
        "reason_en": pgettext_lazy("rule_part", "Reason, English"),
        "reason_ja": pgettext_lazy("rule_part", "Reason, Japanese"),
        "rank": pgettext_lazy("rule_part", "Place in the order"),
        "verdict": pgettext_lazy("rule_part", "Verdict"),
        "kind": pgettext_lazy("rule_part", "Kind"),
        "impact": pgettext_lazy("rule_part", "Impact"),
        "effect": pgettext_lazy("rule_part", "Effect"),
        "urgency": pgettext_lazy("rule_part", "Urgency"),
    },
    "rule_owner": {"csirt": "CSIRT"},
    "shared": {
        "host": pgettext_lazy("shared", "the host"),
        "user": pgettext_lazy("shared", "the user"),
        "ip": pgettext_lazy("shared", "the address"),
        "hash": pgettext_lazy("shared", "the file"),
        "sender": pgettext_lazy("shared", "the sender"),
        "campaign": pgettext_lazy("shared", "the campaign"),
        "device.hostname": pgettext_lazy("shared", "the host"),
        "actor.user.name": pgettext_lazy("shared", "the user"),
        "src_endpoint.ip": pgettext_lazy("shared", "the source address"),
        "dst_endpoint.ip": pgettext_lazy("shared", "the destination address"),
    },
    "criteria_field": {
        "record_class": pgettext_lazy("criteria_field", "Class"),
        "kind": pgettext_lazy("criteria_field", "Kind"),
        "impact": pgettext_lazy("criteria_field", "Impact"),
        "effect": pgettext_lazy("criteria_field", "Effect"),
        "urgency": pgettext_lazy("criteria_field", "Urgency"),
        "escalation": pgettext_lazy("criteria_field", "Escalation"),
    },
}
