"""What is handed to a channel, and what comes back. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from hikeshi.accounts.ways import Recipient, Way
from hikeshi.kernel.http import NOBODY, Permitted
from hikeshi.notify.wording import Form

BUNDLE: Final = "bundle:"
"""How the thread of several messages in one begins."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """``title`` is one line. ``text`` holds everything, links too. ``thread``: messages of one subject belong together.
    ``token`` answers it, empty where there is nothing to answer; ``key`` is the same at every try. ``mark``
    names it to ourselves and answers nothing; ``choices`` are what the token may answer.
    """

    way: Way
    to: Recipient
    title: str
    text: str
    thread: str
    key: str
    token: str = ""
    link: str = ""
    urgency: int = 2
    language: str = "ja"
    about: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Setup:
    """``secret`` is never shown, logged or kept anywhere but sealed."""

    kind: str
    on: bool = True
    plain: Mapping[str, str] = field(default_factory=dict)
    secret: Mapping[str, str] = field(default_factory=dict, repr=False)
    permitted: Permitted = NOBODY


@dataclass(frozen=True, slots=True)
class Handed:
    """The provider took it."""

    provider_id: str = ""
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """``passing``: a later try may go through. ``unsure``: it may have been taken all the same. ``of_the_way``: the
    address is at fault, and not the channel. ``retry_after``: seconds the provider asks for.
    """

    code: str
    passing: bool = False
    unsure: bool = False
    of_the_way: bool = False
    retry_after: float | None = None
    status: int | None = None


class Failed(Exception):
    """A channel could not hand it over."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


class Channel(Protocol):
    """Carries messages of a kind. Runs in a thread of its own, outside transactions, and touches no row.
    ``makes_ready``: all it says leaves by calls that wait for the word (``kernel.http.until``), so that it may begin
    before what it tells is true.
    """

    form: Form
    makes_ready: bool

    def send(self, parcel: Parcel, setup: Setup) -> Handed:
        """Raises Failed."""
        ...
