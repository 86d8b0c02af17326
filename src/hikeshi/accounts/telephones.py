"""What a staff list says of somebody's telephones, against the ways the desk knows. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import phonenumbers
from phonenumbers import PhoneNumberType

from hikeshi.accounts import addresses
from hikeshi.accounts.models import StoredWay
from hikeshi.accounts.ways import Kind

FIELDS: Final = ("mobile", "phone", "extension")
KINDS: Final = (Kind.PHONE, Kind.SMS)
_CARRIED: Final = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.PERSONAL_NUMBER, PhoneNumberType.PAGER})


@dataclass(frozen=True, slots=True)
class WayChange:
    """``way`` None: a new one. ``before`` and ``after`` as addresses are kept."""

    field: str
    way: UUID | None
    before: str
    after: str


def changes(name: str, typed: str, country: str, held: Sequence[StoredWay]) -> tuple[WayChange, ...]:
    """What would be written. The number the list had before is changed where it is clear which that is, everywhere it
    stands; else the new one is added. What the list does not say is never taken away. Raises Invalid.
    """
    wanted = _written(name, typed, country)
    if any(_is(name, wanted, one.address) for one in held):
        return ()
    old = [one for one in held if _of_sort(name, one.address)]
    if len({_core(name, one.address) for one in old}) != 1:
        return (WayChange(name, None, "", wanted),)
    return tuple(WayChange(name, one.uuid, one.address, _put(name, one.address, wanted)) for one in old)


def _written(name: str, typed: str, country: str) -> str:
    return addresses.written(Kind.PHONE, f"ext. {typed}" if name == "extension" and typed.isdigit() else typed, country)


def _is(name: str, wanted: str, address: str) -> bool:
    number, extension = addresses.parts(address)
    if name == "extension":
        return extension == addresses.parts(wanted)[1]
    return number == addresses.parts(wanted)[0]


def _core(name: str, address: str) -> str:
    number, extension = addresses.parts(address)
    return extension if name == "extension" else number


def _of_sort(name: str, address: str) -> bool:
    """Whether this way is what that column is about."""
    number, extension = addresses.parts(address)
    if name == "extension":
        return bool(extension)
    return number.startswith("+") and _is_carried(number) == (name == "mobile")


def _is_carried(number: str) -> bool:
    try:
        return phonenumbers.number_type(phonenumbers.parse(number, None)) in _CARRIED
    except phonenumbers.NumberParseException:
        return False


def _put(name: str, address: str, wanted: str) -> str:
    """The part the column is about exchanged, the other kept: a new extension at the old number."""
    number, extension = addresses.parts(address)
    if name == "extension":
        return f"{number};ext={addresses.parts(wanted)[1]}"
    return f"{addresses.parts(wanted)[0]};ext={extension}" if extension else wanted
