"""The way round: what the reader may open, and how much waits there."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hikeshi.kernel.acting import Actor
from hikeshi.web.templatetags.show import icon


@dataclass(frozen=True, slots=True)
class Place:
    key: str
    name: str
    url: str
    picture: SafeString
    here: bool
    count: int = 0
    hot: bool = False
    meaning: str = ""


class Navigation:
    """Nothing is asked of the database until a template shows it."""

    def __init__(self, request: HttpRequest) -> None:
        self._path = request.path
        self._actor: Actor | None = getattr(request, "actor", None)

    @property
    def may_open(self) -> bool:
        return self._actor is not None and self._actor.may("incidents.open")

    def _place(self, key: str, name: str, url: str, picture: SafeString) -> Place:
        return Place(key=key, name=name, url=url, picture=picture, here=self._path.startswith(url))

    @property
    def places(self) -> Iterator[Place]:
        yield self._place("incidents", _("Incidents"), reverse("web:incidents"), icon("flame"))
