"""Forms of the site: one that contradicts itself is found out, and only what was asked is answered."""

from dataclasses import replace

import pytest

from hikeshi.forms.answering import answers, asked
from hikeshi.forms.checking import codes_of, flaws
from hikeshi.forms.definitions import (
    Audience,
    Choice,
    Definition,
    Field,
    FieldKind,
    Text,
    Use,
    When,
    content_of,
    read,
    written,
)

WORDS = Text("端末の紛失", "Lost device")


def field(key: str, kind: FieldKind = FieldKind.SHORT, *when: tuple[str, str], **more: object) -> Field:
    pairs = tuple(When(*pair) for pair in when)
    return Field(key, kind, Text(f"問{key}", f"Question {key}"), when=pairs, **more)


def choices(*codes: str) -> tuple[Choice, ...]:
    return tuple(Choice(code, Text(f"選{code}", f"Choice {code}")) for code in codes)


def form(*fields: Field, **more: object) -> Definition:
    return Definition(WORDS, more.pop("use", Use.ODD), fields=fields, **more)


def found(definition: Definition) -> set[tuple[str, str]]:
    return {(flaw.place, flaw.reason) for flaw in flaws(definition)}


LOST = form(
    field("f1", FieldKind.ONE, choices=choices("pc", "phone", "paper"), required=True),
    field("f2", FieldKind.YES_NO, ("f1", "pc"), ("f1", "phone")),
    field("f3", FieldKind.LONG, ("f2", "no"), required=True),
    field("f4", FieldKind.NUMBER, low=1, high=500),
)


def test_a_form_that_holds_together_has_no_flaw_and_is_kept_whole() -> None:
    assert not flaws(LOST)
    assert read(written(LOST)) == LOST
    assert content_of(LOST) != content_of(replace(LOST, fields=LOST.fields[:3]))


@pytest.mark.parametrize(
    ("definition", "place", "reason"),
    [
        (form(field("f1", FieldKind.YES_NO, ("f1", "yes"))), "f1.when", "condition_self"),
        (
            form(field("f1", FieldKind.YES_NO, ("f2", "yes")), field("f2", FieldKind.YES_NO, ("f1", "no"))),
            "f1.when",
            "condition_circle",
        ),
        (
            form(
                field("f1", FieldKind.YES_NO, ("f2", "yes"), required=True),
                field("f2", FieldKind.YES_NO, ("f1", "no")),
            ),
            "f1.required",
            "required_never_shown",
        ),
        (form(field("f1", FieldKind.SHORT, ("f9", "yes")), use=Use.REQUEST), "f1.when", "condition_unknown"),
        (
            form(field("f1", FieldKind.SHORT, ("f2", "yes")), field("f2", FieldKind.YES_NO)),
            "f1.when",
            "condition_later",
        ),
        (form(field("f1"), replace(field("f2"), label=Text("問2", "QUESTION f1"))), "f2.label_en", "label_twice"),
        (form(replace(field("f1"), label=Text("問1"))), "f1.label_en", "both_languages"),
        (form(field("f1", FieldKind.ONE, choices=choices("a"))), "f1.choices_ja", "choices_wanted"),
        (
            form(field("f1", FieldKind.ONE, choices=(*choices("a"), Choice("b", Text("選b"))))),
            "f1.choices_en",
            "choice_wordless",
        ),
        (form(field("f1", FieldKind.ONE, choices=choices("a") * 2)), "f1.choices_ja", "choice_twice"),
        (form(field("f1", FieldKind.NUMBER, low=3, high=2)), "f1.high", "too_small"),
        (form(field("f1", FieldKind.FILE), use=Use.PHONE), "f1.kind", "no_files_by_phone"),
        (form(audience=Audience.ORGANISATION), "organisation", "required"),
        (replace(form(), title=Text("題")), "title_en", "both_languages"),
    ],
)
def test_what_contradicts_itself_is_said_where_it_is(definition: Definition, place: str, reason: str) -> None:
    assert (place, reason) in found(definition)


def test_only_what_is_asked_is_answered() -> None:
    assert [one.key for one in asked(LOST.fields, {})] == ["f1", "f4"]
    assert [one.key for one in asked(LOST.fields, {"f1": ["pc"], "f2": ["no"]})] == ["f1", "f2", "f3", "f4"]
    kept, wrong = answers(LOST, {"f1": ["paper"], "f2": ["no"], "f3": ["hidden words"], "f4": ["１２"]}, {})
    assert (kept, wrong) == ({"f1": "paper", "f4": "12"}, [])
    _, wrong = answers(LOST, {"f1": ["pc"], "f2": ["no"], "f4": ["many"]}, {})
    assert [(one.field, one.reason) for one in wrong] == [("f3", "required"), ("f4", "number_wanted")]


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (FieldKind.MAIL, "a@b.jp", "a@b.jp"),
        (FieldKind.MAIL, "a at b", "not_an_address"),
        (FieldKind.PHONE, "０３ー１２３４−５６７８", "03-1234-5678"),
        (FieldKind.PHONE, "call me", "telephone_wanted"),
        (FieldKind.NUMBER, "1,200.50", "1200.50"),
        (FieldKind.NUMBER, "NaN", "number_wanted"),
        (FieldKind.NUMBER, "1e999999999", "number_wanted"),
        (FieldKind.MOMENT, "2026-11-21T10:12", "2026-11-21T10:12"),
        (FieldKind.MOMENT, "yesterday", "day_and_time_wanted"),
        (FieldKind.YES_NO, "perhaps", "unknown"),
        (FieldKind.SHORT, "x" * 501, "too_long"),
        (FieldKind.LONG, "x" * 500_000, "too_long"),
        (FieldKind.LONG, "\ufffd\ufffd", "unreadable_characters"),
        (FieldKind.SHORT, "a\x00b", "unstorable_character"),
    ],
)
def test_each_kind_of_answer_is_read_and_what_is_none_is_refused(kind: FieldKind, typed: str, kept: str) -> None:
    found, wrong = answers(form(field("f1", kind)), {"f1": [typed]}, {})
    assert (wrong[0].reason if wrong else found["f1"]) == kept


def test_a_choice_whose_words_stay_keeps_its_code() -> None:
    before = [("c1", Text("赤", "red")), ("c2", Text("青", "blue"))]
    assert codes_of(before, [Text("青", "blue"), Text("紅", "red"), Text("緑", "green")]) == ["c2", "c1", "c3"]
