"""A form on its way to an action: what the action refuses about a field is said beside the field."""

from collections.abc import Callable
from typing import TypeVar

from django import forms

from hikeshi.kernel.refusals import Invalid
from hikeshi.phrases import refusals as sentences

Done = TypeVar("Done")


def submitted(form: forms.Form, act: Callable[[dict[str, str]], Done]) -> Done | None:
    """What ``act`` gave for the cleaned fields; None if nothing was sent, or something is wrong with it."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return act(form.cleaned_data)
    except Invalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, sentences.sentence(refusal))
        return None
