"""What can go wrong between this process and the stream's servers."""

from django.db import OperationalError


class Unreachable(OperationalError):
    """The stream cannot be asked, or takes nothing, at the moment."""


class ApiError(Exception):
    """The servers understood and refused. ``number`` is their own."""

    def __init__(self, number: int, says: str) -> None:
        super().__init__(f"{says} ({number})")
        self.number = number
