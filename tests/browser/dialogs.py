"""Every window that opens over a page, and the page on which a story opens it by the keyboard.

A test compares this table with what templates and scripts open, so that none is added unseen.
"""

from typing import Final

ROOM, ALERT = "room", "alert"
BUSY, WAITING, LOCKED, CLOSED = "busy", "waiting", "locked", "closed"
PARENT, CHILD, INTO = "parent", "child", "into"
"""Rooms in which something happened: see ``_rooms`` of the story."""
HUSHED, HARMLESS = "inhibition", "harmless"
_ACTS: Final = (
    "add-cost add-link add-person add-reports add-task ask-decision assign classify close edit "
    "estimate finish hold kind link-asset marking merge move priority put-under remove-person report "
    "restrict set-fact set-moment split wait "
)
_THEN: Final = {
    BUSY: "assign-task plan-task estimate-task remove-link decide withdraw-decision correct-cost",
    WAITING: "resume",
    LOCKED: "release unrestrict",
    CLOSED: "reopen",
    PARENT: "answer-all close-all",
    CHILD: "take-out",
    INTO: "unmerge",
}
_PAGES: Final = {
    "/incidents/": (
        "web:search",
        "web:go",
        "web:list_looks",
        "web:break_glass",
    ),
    ALERT: (
        "web:open_from_alerts",
        "web:attach_alerts",
        "web:snooze_alert",
        "web:correct_verdict",
    ),
    "/board/": ("web:board_limits",),
    "/gantt/milestones/": ("web:new_milestone",),
    "/alerts/silences/": (
        "web:flapping",
        "web:new_silence",
    ),
    "/alerts/inhibitions/": ("web:new_inhibition",),
    "/alerts/benign/": ("web:new_benign",),
    "/oncall/": ("web:absence",),
    "/settings/sources/generic/": ("settings:watch_source",),
    "/settings/criteria/impact/": ("settings:review_criteria",),
    "/rules/informational/": ("web:review_rule",),
    HUSHED: ("web:change_inhibition",),
    HARMLESS: ("web:review_benign",),
}
WALKED: Final[dict[str, str]] = {
    **{f"act {name}": ROOM for name in _ACTS.split()},
    **{f"act {name}": where for where, names in _THEN.items() for name in names.split()},
    **{name: where for where, names in _PAGES.items() for name in names},
}
"""By the act of the room, or by the name of its address."""
ELSEWHERE: Final = frozenset(
    {
        "act ask-for-help",
        "act close-room",
        "act confirm",
        "act end-outage",
        "act erase-reporter",
        "act hand-over-call",
        "act make-room",
        "act publish-outage",
        "act remove-file",
        "act reply",
        "act step.link",
        "act turn",
        "act unlink-asset",
        "act update-outage",
        "noise.html line.silence_at",
        "web:board_chosen",
        "web:cover",
        "web:load_profile",
        "web:milestone",
        "web:swap",
    }
)
"""Offered only where something happened that this story does not tell. tests/architecture/test_dialogs.py holds that
each is the same window as those that are walked: opened by a link or a button, filled by the one frame.
"""
OF_EVERY_PAGE: Final = frozenset({"sheet", "keys", "menu"})
"""The elements themselves: the one window that is filled, the list of keys, and the menu of a telephone."""
