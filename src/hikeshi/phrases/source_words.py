"""Why a mapping cannot be used, and the names of what a source maps, in words. Read before Django's settings are."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

REASONS: Final[Mapping[str, Promise]] = {
    "source_body": gettext_lazy("Line %(line)s, column %(column)s: this is not JSON. %(detail)s"),
    "source_body_large": gettext_lazy("At most 1 MB."),
    "source_code": gettext_lazy("A code is up to 40 small letters, digits, _ or -, and begins with a letter or digit."),
    "topic_arn": gettext_lazy(
        "An ARN of a standard topic is needed, such as arn:aws:sns:ap-northeast-1:123456789012:alarms."
    ),
    "topic_taken": gettext_lazy("This topic may send to this source already."),
    "topic_not_asked": gettext_lazy("Amazon SNS has not asked. Subscribe the address to the topic there."),
    "source_code_shipped": gettext_lazy(
        "A shipped source has this code. To change it, open it in the list and choose “Change it for this site”."
    ),
    "source_expression": gettext_lazy("Line %(line)s: “%(name)s” does not say where its value is. %(detail)s"),
    "source_key": gettext_lazy("Line %(line)s: “%(name)s” has no meaning here."),
    "source_lines": gettext_lazy("Mend the lines that are marked."),
    "source_name": gettext_lazy("Line %(line)s: “%(name)s” is not a name of the normal form."),
    "source_name_near": gettext_lazy(
        "Line %(line)s: “%(name)s” is not a name of the normal form. Did you mean %(meant)s?"
    ),
    "source_no_shape": gettext_lazy("Line %(line)s: below “shapes” stands a list with at least one kind of alert."),
    "source_no_table": gettext_lazy("Line %(line)s: a mapping is written as names and values (YAML)."),
    "source_observable": gettext_lazy("Line %(line)s: “%(name)s” is no kind of trace. Possible are: %(choices)s"),
    "source_part": gettext_lazy("Line %(line)s: “%(name)s” is missing."),
    "source_spelling": gettext_lazy("Line %(line)s: possible are: %(choices)s"),
    "source_table": gettext_lazy("Line %(line)s: below “%(name)s” stand names and values."),
    "source_table_line": gettext_lazy("Write each line as: word = value. This one is not: %(detail)s"),
    "source_title": gettext_lazy("Say where the title is. An alert without one cannot be shown to anybody."),
    "source_twice": gettext_lazy(
        "This stands twice. Join the two with | between them: the first that has a value counts."
    ),
    "source_unusable": gettext_lazy("Line %(line)s: the mapping cannot be used. %(detail)s"),
    "source_unwrap": gettext_lazy(
        "Line %(line)s: below “unwrap” stands a list of names, such as alerts or data.items."
    ),
}

LABELS: Final[Mapping[str, Mapping[str, Promise | str]]] = {
    "source_origin": {
        "shipped": pgettext_lazy("source_origin", "Shipped"),
        "changed": pgettext_lazy("source_origin", "Shipped, changed here"),
        "site": pgettext_lazy("source_origin", "This site's"),
    },
    "source_part": {
        "title_en": pgettext_lazy("source_part", "Name, English"),
        "title_ja": pgettext_lazy("source_part", "Name, Japanese"),
        "text": pgettext_lazy("source_part", "Mapping"),
    },
    "topic_state": {
        "waiting": pgettext_lazy("topic_state", "Waits for Amazon SNS to ask"),
        "asked": pgettext_lazy("topic_state", "Asked; being confirmed"),
        "confirmed": pgettext_lazy("topic_state", "Sent here"),
        "ended": pgettext_lazy("topic_state", "Ended at Amazon SNS"),
    },
    "topic_trouble": {
        "refused": pgettext_lazy("topic_trouble", "Amazon SNS did not accept the answer. Perhaps its question is old."),
        "unreachable": pgettext_lazy("topic_trouble", "Amazon SNS cannot be reached from this desk."),
        "timeout": pgettext_lazy("topic_trouble", "Amazon SNS did not answer in time."),
        "certificate": pgettext_lazy("topic_trouble", "The certificate of Amazon SNS is not trusted."),
        "proxy": pgettext_lazy("topic_trouble", "The proxy for calls to the outside opens no way there."),
        "forbidden_host": pgettext_lazy(
            "topic_trouble", "Amazon SNS lies inside the network here and was not permitted by the settings."
        ),
        "desk_shut": gettext_lazy("This desk calls nobody: it is held, or for trying things out."),
        "bad_address": pgettext_lazy("topic_trouble", "The address cannot be used."),
        "too_large": pgettext_lazy("topic_trouble", "The answer of Amazon SNS was too large."),
    },
    "parked_error": {
        "unknown_source": pgettext_lazy("parked_error", "No source of this name is read any more"),
        "unexpected": pgettext_lazy("parked_error", "Reading it failed unexpectedly"),
        "not_an_object": pgettext_lazy("parked_error", "Not a JSON object"),
        "no_shape": pgettext_lazy("parked_error", "None of the kinds of alert this source knows"),
        "no_title": pgettext_lazy("parked_error", "No title was found"),
    },
    "source_target": {
        "finding_info.title": pgettext_lazy("source_target", "Title"),
        "severity": pgettext_lazy("source_target", "Severity"),
        "state": pgettext_lazy("source_target", "State: goes on or is over"),
        "identity": pgettext_lazy("source_target", "What makes two alerts the same thing"),
        "times.first": pgettext_lazy("source_target", "Time: first seen"),
        "times.last": pgettext_lazy("source_target", "Time: last seen"),
        "times.changed": pgettext_lazy("source_target", "Time: since when it is as it is"),
        "times.resolved": pgettext_lazy("source_target", "Time: over since"),
        "finding_info.desc": pgettext_lazy("source_target", "Description"),
        "finding_info.uid": pgettext_lazy("source_target", "Number at the source"),
        "finding_info.types": pgettext_lazy("source_target", "Category"),
        "finding_info.src_url": pgettext_lazy("source_target", "Link to the source"),
        "finding_info.analytic.name": pgettext_lazy("source_target", "Name of the detector's rule"),
        "finding_info.analytic.uid": pgettext_lazy("source_target", "Number of the detector's rule"),
        "finding_info.attacks": pgettext_lazy("source_target", "ATT&CK techniques"),
        "device.hostname": pgettext_lazy("source_target", "Host name"),
        "device.ip": pgettext_lazy("source_target", "Host address"),
        "src_endpoint.ip": pgettext_lazy("source_target", "From address"),
        "dst_endpoint.ip": pgettext_lazy("source_target", "To address"),
        "actor.user.name": pgettext_lazy("source_target", "User"),
        "actor.user.email_addr": pgettext_lazy("source_target", "User's e-mail address"),
        "evidences.file.name": pgettext_lazy("source_target", "File name"),
        "evidences.file.path": pgettext_lazy("source_target", "File path"),
        "evidences.file.hash": pgettext_lazy("source_target", "File hash"),
        "evidences.process.name": pgettext_lazy("source_target", "Process"),
        "evidences.process.cmd_line": pgettext_lazy("source_target", "Command line"),
        "evidences.url.url_string": pgettext_lazy("source_target", "Address visited (URL)"),
        "resources.uid": pgettext_lazy("source_target", "Resource in the cloud"),
        "cloud.account.uid": pgettext_lazy("source_target", "Account in the cloud"),
        "risk_score": pgettext_lazy("source_target", "Risk score"),
        "metadata.product.name": pgettext_lazy("source_target", "Product"),
        "metadata.labels": pgettext_lazy("source_target", "Labels"),
        "observables.ip": pgettext_lazy("source_target", "Trace: address"),
        "observables.host": pgettext_lazy("source_target", "Trace: host"),
        "observables.domain": pgettext_lazy("source_target", "Trace: domain"),
        "observables.user": pgettext_lazy("source_target", "Trace: user"),
        "observables.email": pgettext_lazy("source_target", "Trace: e-mail address"),
        "observables.url": pgettext_lazy("source_target", "Trace: URL"),
        "observables.file": pgettext_lazy("source_target", "Trace: file"),
        "observables.hash": pgettext_lazy("source_target", "Trace: hash"),
        "observables.mac": pgettext_lazy("source_target", "Trace: MAC address"),
        "unmapped": pgettext_lazy("source_target", "Keep it beside, under its own name"),
    },
}
