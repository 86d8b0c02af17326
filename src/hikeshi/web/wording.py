"""What the site says in its own words, in one language or in both: where one is left empty, both read the other."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ONE_IS_ENOUGH = gettext_lazy("Where one of the two languages is empty, both show the other.")


def one_is_enough(form: forms.Form, *names: str) -> None:
    """``names`` without their endings ``_ja`` and ``_en``: neither has to be filled, and the pair says so."""
    for name in names:
        form.fields[f"{name}_ja"].required = form.fields[f"{name}_en"].required = False
        form.fields[f"{name}_en"].help_text = ONE_IS_ENOUGH
        for language in ("ja", "en"):
            form.fields[f"{name}_{language}"].widget.attrs["lang"] = language


def fill(form: forms.Form, said: dict[str, object], *names: str) -> None:
    """The empty one of each pair takes what the other says; a pair of two empty ones is refused beside its first."""
    for name in names:
        ja, en = f"{name}_ja", f"{name}_en"
        if form.errors.keys() & {ja, en}:
            continue
        if not said.get(ja) and not said.get(en):
            form.add_error(ja, _("Write it in one language at least."))
        said[ja], said[en] = said.get(ja) or said.get(en), said.get(en) or said.get(ja)
