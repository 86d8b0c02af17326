"""Every window that opens over a page, and the page on which a story opens it by the keyboard.

A test compares this table with what templates and scripts open, so that none is added unseen.
"""

from typing import Final

ROOM, ALERT = "room", "alert"
_ACTS: Final = (
    "add-cost add-link add-person add-reports add-task ask-decision assign classify close edit "
    "estimate finish hold kind link-asset marking merge move priority put-under remove-person report "
    "restrict set-fact set-moment split wait "
)
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
}
WALKED: Final[dict[str, str]] = {
    **{f"act {name}": ROOM for name in _ACTS.split()},
    **{name: where for where, names in _PAGES.items() for name in names},
}
"""By the act of the room, or by the name of its address."""
ELSEWHERE: Final = frozenset(
    {
        "act answer-all",
        "act ask-for-help",
        "act assign-task",
        "act close-all",
        "act close-room",
        "act confirm",
        "act correct-cost",
        "act decide",
        "act end-outage",
        "act erase-reporter",
        "act estimate-task",
        "act hand-over-call",
        "act make-room",
        "act plan-task",
        "act publish-outage",
        "act release",
        "act remove-file",
        "act remove-link",
        "act reopen",
        "act reply",
        "act resume",
        "act step.link",
        "act take-out",
        "act turn",
        "act unlink-asset",
        "act unmerge",
        "act unrestrict",
        "act update-outage",
        "act withdraw-decision",
        "gathered.html to",
        "noise.html line.silence_at",
        "person.html to_profile",
        "settings:review_criteria",
        "source.html to_watch",
        "web:board_chosen",
        "web:change_inhibition",
        "web:cover",
        "web:milestone",
        "web:review_benign",
        "web:review_rule",
        "web:swap",
    }
)
"""Offered only where something happened that this story does not tell. They open the same way."""
OF_EVERY_PAGE: Final = frozenset({"sheet", "keys", "menu"})
"""The elements themselves: the one window that is filled, the list of keys, and the menu of a telephone."""
