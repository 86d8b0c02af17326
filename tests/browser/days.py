"""Whose day is walked, and by which stories: in Japanese and in English, on a desk and on a telephone.

On a desk people work by mouse or keys, on a telephone by the thumb. A test compares this table with the stories that
are collected, so that no form of anybody's day is taken away unseen.
"""

from dataclasses import dataclass
from typing import Final

import pytest

from tests.browser.people import NARROW, WIDE, Language

LANGUAGES: Final[tuple[Language, ...]] = ("ja", "en")
FORMS: Final = tuple((language, size) for language in LANGUAGES for size in (WIDE, NARROW))


def named(language: Language, size: tuple[int, int]) -> str:
    """As the form stands in the name of a test."""
    return f"{language}-{size[0]}"


def each_form() -> pytest.MarkDecorator:
    """The same day in each of the four forms, of people without an account."""
    return pytest.mark.parametrize(("language", "size"), [pytest.param(*form, id=named(*form)) for form in FORMS])


def each_day(ja: str, en: str) -> pytest.MarkDecorator:
    """The same day of two people: each on a desk and on a telephone, in their own language."""
    who = {"ja": ja, "en": en}
    days = [pytest.param(who[language], language, size, id=named(language, size)) for language, size in FORMS]
    return pytest.mark.parametrize(("who", "language", "size"), days)


@dataclass(frozen=True, slots=True)
class Day:
    """``role``: by which these people hold their rights; empty for those without an account."""

    role: str
    stories: tuple[str, ...]


DAYS: Final = {
    "an employee at the portal": Day(
        "reporter", ("test_days::test_an_employee_asks_reads_the_answer_in_plain_words_and_says_how_it_was",)
    ),
    "an outside person with a follow code": Day(
        "", ("test_reporting::test_somebody_outside_reports_follows_by_the_code_and_answers_the_desk",)
    ),
    "a first responder, an analyst": Day(
        "responder",
        ("test_days::test_an_analyst_makes_an_incident_of_an_alert_contains_it_and_closes_it_with_a_report",),
    ),
    "whoever is on call": Day(
        "responder",
        (
            "test_called::test_a_call_is_answered_from_its_link_and_whoever_comes_later_reads_who_has_it",
            "test_called::test_whoever_is_on_call_hands_a_call_on_and_sees_who_is_called_and_who_is_next",
        ),
    ),
    "whoever leads an incident": Day(
        "commander", ("test_days::test_whoever_leads_hands_out_work_goes_on_and_hands_over_with_a_note",)
    ),
    "a member with need to know": Day(
        "responder",
        ("test_days::test_who_must_know_works_in_a_restricted_record_and_a_colleague_finds_nothing_of_it",),
    ),
    "who keeps what the desk knows": Day(
        "commander",
        ("test_making::test_who_keeps_the_answers_writes_one_that_people_find_and_mends_it_once_it_did_not_help",),
    ),
    "a manager": Day("manager", ("test_days::test_a_manager_sees_what_burns_and_takes_the_decision_that_is_wanted",)),
    "an auditor": Day(
        "auditor",
        (
            "test_days::test_an_auditor_reads_the_record_and_its_report_and_changes_nothing",
            "test_days::test_an_auditor_takes_a_record_along_and_checks_it_against_the_ledger",
        ),
    ),
    "an administrator": Day(
        "administrator",
        (
            "test_days::test_an_administrator_brings_in_a_newcomer_who_chooses_a_password_and_works",
            "test_making::test_a_rule_is_tried_on_what_came_narrowed_and_switched_on",
            "test_making::test_a_form_is_made_offered_and_answered",
        ),
    ),
}
