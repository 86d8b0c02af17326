"""Which browser that was, from what it says of itself: enough to tell one's own telephone from a stranger's machine."""

import re
from typing import Final

_BROWSERS: Final = (
    ("Edge", r"Edgi?(?:A|OS)?/(\d+)"),
    ("Opera", r"OPR/(\d+)"),
    ("Vivaldi", r"Vivaldi/(\d+)"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d+)"),
    ("Chrome", r"(?:Headless)?(?:Chrome|CriOS)/(\d+)"),
    ("Safari", r"Version/(\d+)[\d.]* (?:Mobile/\w+ )?Safari"),
    ("curl", r"curl/(\d+)"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("macOS", "Mac OS X|Macintosh"),
    ("ChromeOS", "CrOS"),
    ("Linux", "Linux|X11"),
)
LONGEST: Final = 80


def name_of(agent: str) -> str:
    """``Firefox 128 · Windows``; what nobody knows is shown as it came, cut short."""
    found = [f"{name} {match[1]}" for name, pattern in _BROWSERS if (match := re.search(pattern, agent))][:1]
    found += [name for name, pattern in _SYSTEMS if re.search(pattern, agent)][:1]
    return " · ".join(found) or agent[:LONGEST]
