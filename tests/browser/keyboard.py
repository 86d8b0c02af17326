"""A page as who uses no mouse meets it: one control after the other by Tab, in the order in which the page is read."""

from pathlib import Path
from typing import TypedDict

from playwright.sync_api import Page

STOPS = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
MOST, LAST, FEW = 12, 4, 4
"""How many controls of a page are walked one by one from its top, and then at its end: rows of a list repeat.
Before its content a page may have a few without a link that skips them."""


class Step(TypedDict):
    """Where the focus stands: its number among the stops (-1: none of them), and what is wrong with it there."""

    at: int
    what: str
    faults: list[str]


def faults_by_keyboard(page: Page, *, whole: bool = False) -> list[str]:
    """Of the page that is open, from where its skip link leads, or ``whole`` from the very top: whatever a mouse can
    press a key can reach, in the order of the page, and wherever the focus stands it is seen and nothing lies over it.
    """
    count, ahead = page.evaluate(STOPS)
    first = 0 if whole or ahead < FEW else ahead
    faults = _skipped_to(page, first) if ahead >= FEW else []
    faults += _walked(page, first, min(count, first + MOST))
    if count > first + MOST:
        start = max(first + MOST, count - LAST)
        page.evaluate("(at) => window.stops.all[at - 1].focus()", start)
        faults += _walked(page, start, count)
    return faults + list(page.evaluate("() => window.stops.faults()"))


def _skipped_to(page: Page, first: int) -> list[str]:
    page.keyboard.press("Tab")
    if not page.evaluate("() => document.activeElement.matches('a.skip[href=\"#main\"]') && window.stops.seen()"):
        return ["begins with no skip link in sight"]
    if not first:
        return []
    page.keyboard.press("Enter")
    inside = page.evaluate("() => document.activeElement.id === 'main'")
    return [] if inside else ["its skip link leads nowhere"]


def _walked(page: Page, start: int, end: int) -> list[str]:
    faults: list[str] = []
    expected = start
    for _ in range((end - start) * 2 + 8):  # a field for a time is three stops in one, a box that scrolls is one more
        if expected >= end:
            break
        page.keyboard.press("Tab")
        step: Step = page.evaluate("() => window.stops.step()")
        if step["at"] == expected:
            faults += [f"{step['what']}: {fault}" for fault in step["faults"]]
            expected += 1
        elif step["at"] != expected - 1 and not (step["at"] == -1 and step["what"] == "scrolls"):
            wanted = page.evaluate("(at) => window.stops.name(window.stops.all[at])", expected)
            return [*faults, f"{wanted} is not reached: {step['what']} comes instead"]
    return faults if expected >= end else [*faults, f"stuck before stop {expected} of {end}"]
