"""Every kind of user has a day that is walked in a browser, in both languages, on a desk and on a telephone."""

import re
import subprocess
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from hikeshi.accounts.roles import ROLES
from tests.browser.days import DAYS, FORMS, named

ROOT = Path(__file__).parents[2]
WANTED = {named(*form) for form in FORMS}


@cache
def _collected() -> dict[str, set[str]]:
    """Forms by story, as they would be run."""
    listed = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-o", "addopts=", "tests/browser"]
    options = ["--import-mode=importlib", "--no-migrations", "-p", "no:cacheprovider"]
    said = subprocess.run([*listed, *options], cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    found: dict[str, set[str]] = defaultdict(set)
    for story, form in re.findall(r"^tests/browser/(\w+\.py::\w+)(?:\[(.+)\])?$", said.stdout, re.MULTILINE):
        found[story.replace(".py", "")].add(form)
    assert found, said.stdout + said.stderr
    return found


@pytest.mark.parametrize("kind", DAYS)
def test_the_day_of_each_kind_of_user_is_walked_in_all_four_forms(kind: str) -> None:
    missing = {story: WANTED - _collected().get(story, set()) for story in DAYS[kind].stories}
    assert DAYS[kind].stories
    assert {story: forms for story, forms in missing.items() if forms} == {}


def test_whoever_a_role_is_for_has_a_day_and_so_has_who_has_none() -> None:
    assert {day.role for day in DAYS.values()} == {*ROLES, ""}


def test_the_four_forms_are_two_languages_on_two_sizes() -> None:
    assert {(language, size[0]) for language, size in FORMS} == {(a, b) for a in ("ja", "en") for b in (1440, 390)}


def test_every_story_that_is_told_in_four_forms_is_somebodys_day() -> None:
    told = {story for story, forms in _collected().items() if forms >= WANTED}
    assert told == {story for day in DAYS.values() for story in day.stories}
