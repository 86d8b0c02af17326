"""Things of the site offered to choose from, while somebody types what a form asks for."""

from uuid import UUID

from django.http import HttpRequest

from hikeshi.accounts.refusals import Wait
from hikeshi.forms import queries as forms
from hikeshi.forms.boxes import Choosing, choosing_of
from hikeshi.forms.definitions import NAMING, Field
from hikeshi.incidents.reporting import Knock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotFound
from hikeshi.portal import doors


def found(request: HttpRequest, form: UUID, number: int, key: str) -> Choosing:
    """Nothing to choose where somebody types too fast: typing goes on all the same. Raises NotFound."""
    by = doors.reporter(request)
    asked = _question(by, form, number, key)
    try:
        return doors.paced(request, Knock.LOOK, lambda: choosing_of(by, asked, request.POST))
    except Wait:
        return Choosing(key)


def _question(by: Actor, form: UUID, number: int, key: str) -> Field:
    fields = forms.begun_form(by, form, number).definition.fields
    wanted = next((one for one in fields if one.key == key and one.kind in NAMING), None)
    if wanted is None:
        raise NotFound("question")
    return wanted
