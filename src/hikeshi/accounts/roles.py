"""The roles every site starts with. Verbs are written as text: this package knows nobody above it.

A test compares them with every domain's permissions, so a verb that nobody guards, or that no role holds, is found.
"""

from typing import Final

_READ: Final = ("incidents.view", "intake.view", "assets.view", "oncall.view", "service_levels.view", "load.view")
# Whoever works on a record brings colleagues in, so they see who there is.
_WORK: Final = (*_READ, "incidents.open", "incidents.work", "intake.judge", "accounts.view", "oncall.answer")
_COMMAND: Final = (
    *_WORK,
    "incidents.command",
    "incidents.decide",
    "incidents.break_glass",
    "assets.manage",
    "oncall.manage",
    "notify.view",
    "load.manage",
    "lists.share",
    "figures.share",
    "figures.lead",
    "notices.publish",
    "knowledge.write",
)

_ADMINISTER: Final = (
    "intake.manage",
    "intake.send",
    "incidents.configure",
    "accounts.manage",
    "service_levels.configure",
    "load.configure",
    "notify.configure",
    "rooms.configure",
    "mailboxes.configure",
    "finding.configure",
    "forms.configure",
)

ROLES: Final[dict[str, tuple[str, ...]]] = {
    "administrator": (*_COMMAND, *_ADMINISTER, "ledger.view"),  # all of them: nobody grants what they do not hold
    "commander": _COMMAND,
    "responder": _WORK,
    "manager": (
        *_READ,
        "incidents.open",
        "incidents.decide",
        "accounts.view",
        "oncall.manage",
        "oncall.answer",
        "notify.view",
        "load.manage",
        "lists.share",
        "figures.share",
        "figures.lead",
    ),
    "reporter": ("incidents.open",),
    "auditor": (*_READ, "accounts.view", "notify.view", "ledger.view"),
}
