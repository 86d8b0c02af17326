from collections.abc import Callable
from typing import TypeVar

from allauth.account.decorators import reauthentication_required
from django.http import HttpResponse

from hikeshi.accounts import queries
from hikeshi.web.access import SignedIn

View = TypeVar("View", bound=Callable[..., HttpResponse])


class Reader(SignedIn):
    """A request of somebody who is signed in: their row is there without asking again."""

    user: queries.Person


def proven_again(view: View) -> View:
    """What changes who can get in: asked for a proof unless one was given within the last quarter of an hour."""
    proven: View = reauthentication_required(view)
    return proven
