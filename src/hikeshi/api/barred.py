"""What the door turns away before anybody acts, each with the problem it is answered with."""

from collections.abc import Mapping
from typing import ClassVar


class Barred(Exception):
    problem: ClassVar[str]
    headers: ClassVar[Mapping[str, str]] = {}


class Forged(Barred):
    """A change by the signed-in browser without the CSRF token that only our own pages hold."""

    problem = "forged"


class SecondFactorMissing(Barred):
    """Signed in without the second factor that a role of theirs asks for."""

    problem = "second_factor_missing"


class ProofMissing(Barred):
    """Signed in, but it was long ago that they proved who they are, and this changes who can get in."""

    problem = "proof_missing"


class TooLarge(Barred):
    problem = "too_large"


class NotJson(Barred):
    """The body calls itself something else."""

    problem = "unsupported_media_type"
    headers = {"Accept": "application/json"}


class NotBytes(Barred):
    """A file is sent as it is, not in a form."""

    problem = "not_bytes"
    headers = {"Accept": "application/octet-stream"}
