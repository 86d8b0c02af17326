"""What the pages of the criteria show."""

from collections.abc import Mapping

from django.http import QueryDict
from django.utils.safestring import SafeString

from hikeshi.incidents import actions
from hikeshi.incidents.criteria import Texts
from hikeshi.incidents.queries import criteria
from hikeshi.incidents.queries.criteria import Whole
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Conflict, Invalid
from hikeshi.kernel.versions import Version
from hikeshi.phrases import labels, refusals
from hikeshi.phrases.wording import bracketed
from hikeshi.web import written
from hikeshi.web.settings import changes
from hikeshi.web.settings.criteria import forms


def title(name: str) -> str:
    return labels.label("criteria_field", name)


def texts(whole: Whole) -> list[tuple[str, SafeString, SafeString]]:
    """The word for each value, and its text in both languages."""
    of, said = whole.line.field, whole.newest.terms

    def text(value: str, language: str) -> SafeString:
        return written.html(said.get(value, {}).get(language, ""))

    return [(criteria.word(of, value), text(value, "ja"), text(value, "en")) for value in criteria.values(of)]


def versions(whole: Whole) -> list[tuple[Version[Texts], str]]:
    return [(one, changes.name_of(one.made_by, whole.names)) for one in whole.versions]


def kept(by: Actor, form: forms.Write) -> bool:
    """Whether a version was kept. Else the form says why, or holds what somebody else saved meanwhile."""
    if not form.is_bound or not form.is_valid():
        return False
    said = form.cleaned_data
    wanted = forms.texts_of(said, form.of)
    try:
        actions.write_criteria(by=by, criteria_of=form.of, texts=wanted, why=said["why"], version=said["version"])
    except Invalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusals.sentence(refusal))
        return False
    except Conflict as refusal:
        form.conflict = refusal
        data = QueryDict(mutable=True)
        data.update({**form.data.dict(), "version": str(refusal.version)})  # type: ignore[attr-defined]  # what a browser sent
        form.data = data
        return False
    return True


def parts(whole: Whole, version: Version[Texts]) -> Mapping[str, str]:
    of = whole.line.field
    return {
        f"{criteria.word(of, value)}{bracketed(forms.NAMES[language])}": version.terms.get(value, {}).get(language, "")
        for value in criteria.values(of)
        for language in forms.LANGUAGES
    }
