"""Why the desk says no. Each carries a code; surfaces turn it into the reader's words."""

from collections.abc import Mapping


class Refusal(Exception):
    """Something a user asked for and does not get."""

    code = "refused"

    @property
    def fields(self) -> Mapping[str, str]:
        """What the sentence on the screen needs, by name."""
        return {}

    def __str__(self) -> str:
        return " ".join([self.code, *(f"{name}={value}" for name, value in self.fields.items())])


class NotAllowed(Refusal):
    code = "not_allowed"

    def __init__(self, verb: str) -> None:
        super().__init__(verb)
        self.verb = verb

    @property
    def fields(self) -> Mapping[str, str]:
        return {"verb": self.verb}


class NotFound(Refusal):
    """Not there, or not for this reader: the two are never told apart."""

    code = "not_found"

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what

    @property
    def fields(self) -> Mapping[str, str]:
        return {"what": self.what}


class Invalid(Refusal):
    """One field of the input cannot be used. ``reason`` is a code, ``params`` what its sentence needs."""

    code = "invalid"

    def __init__(self, field: str, reason: str, **params: str | int) -> None:
        super().__init__(field, reason)
        self.field = field
        self.reason = reason
        self.params = {name: str(value) for name, value in params.items()}

    @property
    def fields(self) -> Mapping[str, str]:
        return {"field": self.field, "reason": self.reason, **self.params}


class Conflict(Refusal):
    """Somebody saved first. Both texts travel with the refusal so that neither is lost.

    ``yours`` and ``theirs`` map field names to text; ``version`` is the one to save over, once read.
    """

    code = "conflict"

    def __init__(self, *, yours: Mapping[str, str], theirs: Mapping[str, str], version: int) -> None:
        super().__init__(version)
        self.yours = dict(yours)
        self.theirs = dict(theirs)
        self.version = version

    @property
    def fields(self) -> Mapping[str, str]:
        return {"version": str(self.version)}


class Unmet(Refusal):
    """A gate asks for what is not there yet. ``missing`` are gate codes, in the order they are asked."""

    code = "unmet"

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(*missing)
        self.missing = missing

    @property
    def fields(self) -> Mapping[str, str]:
        return {"missing": ",".join(self.missing)}
