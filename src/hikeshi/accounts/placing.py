"""Which organisation somebody means who writes its name in a file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hikeshi.accounts import columns, queries
from hikeshi.accounts.models import Organisation
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.texts import folded


@dataclass(frozen=True, slots=True)
class Places:
    """``titles``: by path, the folded names from the topmost organisation down to this one."""

    rows: Sequence[Organisation]
    titles: Mapping[str, tuple[str, ...]]

    def called(self, words: str) -> tuple[Organisation, ...]:
        """As ``Plant`` or ``Group / Plant``; several where the name does not tell them apart."""
        wanted = columns.levels(words)
        found = [one for one in self.rows if wanted and self.titles[one.path][-len(wanted) :] == wanted]
        exact = [one for one in found if self.titles[one.path] == wanted]
        return tuple(exact or found)


def managed(by: Actor, below: Organisation) -> Places:
    """Those in use that the actor manages, from ``below`` on down."""
    return _places(queries.organisations(by, Verb.MANAGE).filter(path__startswith=below.path, retired_at=None))


def seen(by: Actor) -> Places:
    """Those in use that the actor may look at."""
    return _places(queries.organisations(by).filter(retired_at=None))


def _places(rows: Iterable[Organisation]) -> Places:
    titles = dict(Organisation.objects.values_list("path", "name"))
    known = list(rows)
    return Places(known, {one.path: _titles(one.path, titles) for one in known})


def _titles(path: str, titles: Mapping[str, str]) -> tuple[str, ...]:
    steps = [step for step in path.split("/") if step]
    above = ["/" + "/".join(steps[: end + 1]) + "/" for end in range(len(steps))]
    return tuple(folded(titles[one]) for one in above if one in titles)
