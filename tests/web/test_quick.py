"""What is put together by our own hand for speed says what Django would have said."""

from uuid import uuid4

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template import Context, Template, TemplateSyntaxError
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from hikeshi.web import addresses
from hikeshi.web.addresses import address
from hikeshi.web.markup import markup
from hikeshi.web.widgets import INPUTS, Renderer

HOSTILE = "\"><script>alert('1')</script>&amp;"


class Every(forms.Form):
    words = forms.CharField(required=False, max_length=12, widget=forms.TextInput(attrs={"title": HOSTILE}))
    secret = forms.CharField(widget=forms.HiddenInput, initial=7)
    mail = forms.EmailField(required=False)
    number = forms.IntegerField(min_value=1, help_text="one or more")
    day = forms.DateField(required=False, initial=lambda: None)
    plain = forms.ChoiceField(choices=[("", "Any"), ("a", HOSTILE), (HOSTILE, "b"), (3, gettext_lazy("Open"))])
    grouped = forms.ChoiceField(choices=[("", "None"), (HOSTILE, [("x", "X"), ("y", mark_safe("<b>Y</b>"))])])
    several = forms.MultipleChoiceField(choices=[("1", "one"), ("2", "two")], disabled=True)
    cards = forms.ChoiceField(choices=[("1", "one")], widget=forms.RadioSelect)
    long = forms.CharField(widget=forms.Textarea)


@pytest.mark.parametrize("data", [None, {"words": HOSTILE, "plain": HOSTILE, "grouped": "y", "several": ["2"]}])
def test_every_control_is_written_letter_for_letter_as_django_writes_it(data: dict[str, object] | None) -> None:
    ours, theirs = Every(data, renderer=Renderer()), Every(data, renderer=DjangoTemplates())
    for name in ours.fields:
        assert str(ours[name]) == str(theirs[name])


def test_the_kinds_of_input_written_by_hand_are_all_djangos_plain_input() -> None:
    control = {"name": "n", "value": HOSTILE, "attrs": {"required": True, "disabled": False}, "type": "t"}
    for name in INPUTS:
        path = f"django/forms/widgets/{name}.html"
        wanted = DjangoTemplates().render(path, {"widget": control})
        assert Renderer().render(path, {"widget": control}) == wanted


@pytest.mark.parametrize("value", [HOSTILE, mark_safe("<b>"), 7, None, gettext_lazy("Open"), uuid4()])
def test_what_is_put_into_markup_is_escaped_as_django_escapes_it(value: object) -> None:
    assert markup("<i>{}</i>", value) == format_html("<i>{}</i>", value)


def test_an_address_is_the_one_django_works_out_and_a_wrong_name_is_an_error_each_time() -> None:
    uuid = uuid4()
    for _twice in range(2):
        assert address("web:alert", uuid) == reverse("web:alert", args=[uuid])
        assert address("web:room", "INC-1") == reverse("web:room", args=["INC-1"])
        with pytest.raises(NoReverseMatch):
            address("web:alert", "no uuid")


def test_an_address_with_words_of_the_template_in_it_is_worked_out_once() -> None:
    page = Template('{% load room %}{% act_link ref "set-fact" "what" %}')
    shown = page.render(Context({"ref": "INC-7"}))
    before = addresses._address.cache_info()
    assert page.render(Context({"ref": "INC-7"})) == shown
    after = addresses._address.cache_info()
    assert (after.hits, after.misses) == (before.hits + 1, before.misses)


def test_an_address_in_a_template_is_escaped() -> None:
    shown = Template('{% url "web:room" ref %}').render(Context({"ref": "a&b'"}))
    assert "a&amp;b" in shown
    assert "'" not in shown


def test_a_sentence_of_a_template_follows_the_language_of_who_reads_it() -> None:
    page = Template('{% load i18n %}{% translate "Incidents" %} {% translate word %}{% translate "Open" as open %}')
    seen = []
    for language in ("ja", "en", "ja"):
        with translation.override(language):
            seen.append(page.render(Context({"word": "Alerts"})))
    assert seen[0] == seen[2] != seen[1] == "Incidents Alerts"


def test_a_tag_that_is_not_closed_is_still_an_error() -> None:
    with pytest.raises(TemplateSyntaxError):
        Template("{% load i18n %}{% translate %}")
