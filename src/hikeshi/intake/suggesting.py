"""Which field of an unknown body probably is what, by the names that products give their fields. Pure.

A suggestion fills in a form that a person looks through; it never reads an alert by itself.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from hikeshi.intake import plain_mapping
from hikeshi.intake.plain_mapping import IDENTITY, SEVERITY, STATE, TITLE, Line
from hikeshi.intake.sources.tree import Field

_NAMES: Final[Mapping[str, str]] = {
    TITLE: (
        "title alerttitle alertname eventname rulename signature name summary subject headline alert alarm what"
        " event message text"
    ),
    "finding_info.desc": "description desc details detail message text body longdescription",
    SEVERITY: "severity severityname sev priority prio level risk risklevel criticality grade urgency",
    STATE: "status state alertstatus eventstatus",
    IDENTITY: "fingerprint dedupkey alertkey incidentkey alertid id uuid guid eventid",
    "times.first": (
        "firstseen starttime startedat startsat start createdat created timestamp eventtime time datetime date"
        " occurredat detectedat when raised raisedat detectiontime"
    ),
    "times.resolved": "resolvedat closedat endedat endtime endsat recoveredat clearedat",
    "finding_info.src_url": "url link href permalink weblink consoleurl alerturl detailsurl",
    "finding_info.analytic.name": "rulename rule detectionname policyname policy",
    "finding_info.attacks": "techniqueid technique techniques mitretechnique mitre",
    "device.hostname": (
        "hostname host computername computer devicename machinename endpoint agenthostname pc server node"
    ),
    "device.ip": "hostip deviceip localip agentip ipaddress ip",
    "src_endpoint.ip": "srcip sourceip sourceaddress clientip remoteip src",
    "dst_endpoint.ip": "dstip destinationip destip destinationaddress dst",
    "actor.user.name": "username user account accountname userid login",
    "actor.user.email_addr": "email useremail mail",
    "evidences.file.hash": "sha256 filehash sha1 md5 hash",
    "evidences.file.name": "filename file",
    "evidences.process.cmd_line": "commandline cmdline command",
    "evidences.process.name": "processname process imagename",
}
_ONLY_LETTERS = re.compile(r"[^a-z0-9]")


def suggested(leaves: Iterable[Field]) -> tuple[Line, ...]:
    """A line for each name that a field goes by; the shallower field wins, and each field is used once."""
    by_name: dict[str, list[Field]] = {}
    for leaf in sorted(leaves, key=lambda one: one.depth):
        if leaf.value not in {"", "null", "{}", "[]"} and not leaf.path.startswith("^"):
            by_name.setdefault(_folded(leaf.name), []).append(leaf)
    used: set[str] = set()
    found = []
    for target, names in _NAMES.items():
        found_leaf = next(
            (one for name in names.split() for one in by_name.get(name, []) if one.path not in used), None
        )
        if found_leaf is not None:
            used.add(found_leaf.path)
            found.append(line(target, found_leaf.path))
    return tuple(found)


def line(target: str, path: str) -> Line:
    """A line with what its name usually needs besides the path."""
    if target == SEVERITY:
        return Line(target, path, otherwise="medium")
    if target == STATE:
        return Line(target, path, table=plain_mapping.words_of_states(), otherwise="firing")
    return Line(target, path)


def _folded(name: str) -> str:
    return _ONLY_LETTERS.sub("", name.lower())
