"""A pasted body: its fields, its lists, or where it breaks."""

from functools import cached_property

from hikeshi.intake import framing, site_sources
from hikeshi.intake.sources import spelling, tree
from hikeshi.intake.sources.tree import Field, Tree
from hikeshi.intake.sources.unwrapping import Wrapped, unwrap
from hikeshi.phrases import refusals

_NOTHING = Tree((), whole=True)


class Sample:
    def __init__(self, body: str, steps: tuple[str, ...], keys: str) -> None:
        self.body, self.keys = body, keys
        self.steps = tuple(step for step in steps if step.strip("?![]. "))

    @property
    def bytes(self) -> bytes:
        return self.body.encode("utf-8", "surrogatepass")

    @cached_property
    def problem(self) -> str:
        """Why the body cannot be read, with the place."""
        if not self.body.strip():
            return ""
        try:
            framing.elements(self.bytes)
        except framing.Unreadable as error:
            where = {"line": str(error.line), "column": str(error.column), "detail": error.detail}
            return refusals.reason("source_body", where)
        return ""

    @cached_property
    def _first(self) -> object:
        if self.problem or not self.body.strip():
            return None
        found = framing.elements(self.bytes)
        return found[0].document if found else None

    @property
    def lists(self) -> tuple[str, ...]:
        return tree.lists(self._first)

    @cached_property
    def _alert(self) -> Wrapped:
        found = unwrap(self._first, site_sources.steps(self.steps))
        return found[0] if found else Wrapped(None, None)

    @cached_property
    def tree(self) -> Tree:
        document, envelope = self._alert
        if not isinstance(document, dict):
            return _NOTHING
        return tree.tree(spelling.WAYS[self.keys](document) if self.keys in spelling.WAYS else document, envelope)

    @property
    def leaves(self) -> tuple[Field, ...]:
        return self.tree.leaves
