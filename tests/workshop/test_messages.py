"""The catalogue's tool finds what is said in Python and in templates, and what is wrong in a translation."""

import json
from pathlib import Path

import pytest

from tools import messages

PYTHON = """
from django.utils.translation import gettext_lazy as _, pgettext
A = _("Alerts: " "%(count)s")
B = pgettext("verb", "Open")
C = f"not this {A}"
"""
TEMPLATE = """{% load i18n %}
{% translate "Save 100%" %} {{ name|default:_("unknown") }} {% if x == _("same") %}{% endif %}
{% blocktranslate trimmed with who=person.name %}
  Owned by {{ who }}
{% endblocktranslate %}
{% comment %}{% translate "never" %}{% endcomment %}
"""


@pytest.fixture
def product(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A product of two files, and its catalogue."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "labels.py").write_text(PYTHON, encoding="utf-8")
    (tmp_path / "templates" / "room.html").write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.setattr(messages, "SOURCE", tmp_path)
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    return tmp_path


def translated(product: Path, **changes: str) -> None:
    texts = {
        "Alerts: %(count)s": "警告: %(count)s件",
        "verb|Open": "開く",
        "Save 100%%": "100%% 保存",
        "unknown": "不明",
        "same": "同じ",
        "Owned by %(who)s": "担当: %(who)s",
    }
    file = product / "ja.json"
    file.write_text(json.dumps(texts | changes), encoding="utf-8")
    messages.update()
    messages.translate([file])


def test_a_message_marked_under_another_name_is_refused(product: Path) -> None:
    """Nobody would translate it, and nobody would notice."""
    (product / "late.py").write_text('from django.utils.translation import gettext as now_\n\nnow_("Go on")\n')
    with pytest.raises(SystemExit, match="now_"):
        messages.used()


def test_brackets_of_a_japanese_sentence_are_full_width_however_they_were_typed(product: Path) -> None:
    translated(product, **{"Owned by %(who)s": "担当 (主): %(who)s (Web) です"})
    assert not messages.faults("ja")
    kept = messages.catalogue_of("ja")
    assert "担当（主）: %(who)s（Web）です" in kept.read_text(encoding="utf-8")
    kept.write_text(kept.read_text(encoding="utf-8").replace("（主）", "(主)"), encoding="utf-8")
    assert messages.faults("ja") == ["brackets that are not full-width, or a blank beside a value: 'Owned by %(who)s'"]
    assert messages.in_house_style("%(name)s (%(count)s)") == "%(name)s (%(count)s)"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("すでに %(name)s が応答し、残り %(count)s 件です", "すでに%(name)sが応答し、残り%(count)s件です"),
        ("24 時間で %(percent)s %% を超えました", "24時間で%(percent)s%%を超えました"),
        ("この %(days)s 日以内、第 %(number)s 版", "この%(days)s日以内、第%(number)s版"),
        ("%(ref)s を開く。%(limit)s MB まで。API 2.0 の", "%(ref)s を開く。%(limit)s MB まで。API 2.0 の"),
        (
            "担当 %(who)s、期限 %(due)s。%(days)s日 %(hours)s時間",
            "担当 %(who)s、期限 %(due)s。%(days)s日 %(hours)s時間",
        ),
        ("1. 製品の本文 2026-12-28 の 09:00 から", "1. 製品の本文 2026-12-28 の 09:00 から"),
        ("%(name)s is in 3 teams", "%(name)s is in 3 teams"),
    ],
)
def test_a_value_in_a_japanese_sentence_has_no_blank_beside_it_unless_it_is_latin_or_a_label_s(
    typed: str, kept: str
) -> None:
    assert messages.in_house_style(typed) == kept == messages.in_house_style(kept)


def test_a_blank_beside_a_value_and_a_word_the_glossary_refused_are_named(product: Path) -> None:
    translated(product)
    file = messages.catalogue_of("ja")
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.replace("%(count)s件", "%(count)s 件").replace("100%% 保存", "案件を保存"), encoding="utf-8")
    assert messages.faults("ja") == [
        "brackets that are not full-width, or a blank beside a value: 'Alerts: %(count)s'",
        "a word that docs/glossary.md decided against (案件): 'Save 100%%'",
    ]


def test_every_way_to_mark_a_message_is_found(product: Path) -> None:
    assert set(messages.used()) == {
        (None, "Alerts: %(count)s"),
        ("verb", "Open"),
        (None, "Save 100%%"),
        (None, "unknown"),
        (None, "same"),
        (None, "Owned by %(who)s"),
    }


def test_a_whole_catalogue_has_no_faults_and_stays_as_it_is(product: Path) -> None:
    translated(product)
    assert messages.faults("ja") == []
    written = messages.catalogue_of("ja").read_text(encoding="utf-8")
    messages.update()
    assert messages.catalogue_of("ja").read_text(encoding="utf-8") == written


@pytest.mark.parametrize(
    ("message", "translation", "fault"),
    [
        ("unknown", "", "empty"),
        ("Owned by %(who)s", "担当者", "placeholders differ"),
        ("Owned by %(who)s", "担当: %(name)s", "placeholders differ"),
    ],
)
def test_a_wrong_translation_is_named(product: Path, message: str, translation: str, fault: str) -> None:
    translated(product, **{message: translation})
    assert [found for found in messages.faults("ja") if fault in found and message in found]


def test_what_is_new_or_no_longer_said_is_named(product: Path) -> None:
    translated(product)
    (product / "labels.py").write_text("B = _('New')", encoding="utf-8")
    found = messages.faults("ja")
    assert [line for line in found if line.startswith("missing: 'New'")]
    assert [line for line in found if line.startswith("unused: 'Alerts")]


def test_a_plural_is_refused(product: Path) -> None:
    (product / "labels.py").write_text("B = ngettext('One', 'Many', 2)", encoding="utf-8")
    with pytest.raises(SystemExit):
        messages.used()
