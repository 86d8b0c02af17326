"""How each kind of address is written down, shown and dialled. Two spellings of one number are one number."""

import re
import unicodedata
from typing import Final
from urllib.parse import quote, urlsplit

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from hikeshi.accounts import names
from hikeshi.accounts.ways import SECRET, Kind, words
from hikeshi.kernel.refusals import Invalid

FIELD: Final = "address"
LONGEST: Final = 500
LONGEST_EXTENSION: Final = 8
_SHORT: Final = re.compile(r"[#*]?\d{3,6}", re.ASCII)  # 110, 119, #9110: dialled as they stand, in one country only
_EXTENSION: Final = ";ext="
_URL_KINDS: Final = frozenset({Kind.WEBHOOK})
_TOPICS: Final = frozenset({Kind.PUSH, Kind.NTFY})
_HANDLE: Final = re.compile(r"[^\s\x00-\x1f]+")
_LANDLINES: Final = frozenset({PhoneNumberType.FIXED_LINE, PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE})
COUNTRIES: Final = frozenset(phonenumbers.SUPPORTED_REGIONS)


def written(kind: Kind, typed: str, country: str) -> str:
    """As it is kept. ``country``: whose numbers need no country code. Raises Invalid."""
    plain = unicodedata.normalize("NFKC", typed).strip()
    if not plain:
        raise Invalid(FIELD, "required")
    if len(plain) > LONGEST:
        raise Invalid(FIELD, "too_long", limit=LONGEST)
    if kind is Kind.MAIL:
        return _mail(plain)
    if kind in (Kind.PHONE, Kind.SMS):
        return _number(kind, plain, country)
    if kind in _URL_KINDS or "://" in plain:
        return _url(kind, plain)
    if not _HANDLE.fullmatch(plain):
        raise Invalid(FIELD, "address_characters")
    return plain


def _mail(plain: str) -> str:
    try:
        address = names.email(plain)
    except Invalid as error:
        raise Invalid(FIELD, error.reason, **error.params) from error
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}"


def _url(kind: Kind, plain: str) -> str:
    try:
        parts = urlsplit(plain)
        host = parts.hostname
    except ValueError as error:
        raise Invalid(FIELD, "not_a_web_address") from error
    schemes = {"https", "http"} if kind is not Kind.APPRISE else {parts.scheme}
    if (not host and kind is not Kind.APPRISE) or parts.scheme not in schemes or any(one.isspace() for one in plain):
        raise Invalid(FIELD, "not_a_web_address")
    return plain


def _number(kind: Kind, plain: str, country: str) -> str:
    main, extension = _split(plain)
    if not main:
        return f"{_EXTENSION}{extension}" if kind is Kind.PHONE else _refuse("not_a_number")
    compact = re.sub(r"[\s().\-\u2010-\u2015\u30fc]", "", main)
    if kind is Kind.PHONE and not extension and _SHORT.fullmatch(compact):
        return compact
    try:
        number = phonenumbers.parse(compact, country)
    except phonenumbers.NumberParseException:
        return _refuse("not_a_number")
    if not phonenumbers.is_valid_number(number):
        _refuse("no_such_number")
    if kind is Kind.SMS and (extension or phonenumbers.number_type(number) in _LANDLINES):
        _refuse("takes_no_text")
    whole = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return f"{whole}{_EXTENSION}{extension}" if extension else whole


def _refuse(reason: str) -> str:
    raise Invalid(FIELD, reason)


def _split(plain: str) -> tuple[str, str]:
    """The number, and the extension within the house."""
    marks = "|".join(sorted((re.escape(word) for word in words().extension), key=len, reverse=True))
    found = re.fullmatch(rf"(.*?)[\s,;()]*(?:{marks})\s*[:.=]?\s*([\d\s-]+)\)?", plain.casefold())
    if found is None:
        return plain, ""
    extension = re.sub(r"[\s-]", "", found[2])
    if len(extension) > LONGEST_EXTENSION:
        _refuse("not_a_number")
    return found[1].strip(), extension


def parts(address: str) -> tuple[str, str]:
    """The number as it is kept and its extension; either may be empty."""
    main, _, extension = address.partition(_EXTENSION)
    return main, extension


def number(address: str, country: str) -> str:
    """As one dials it from that country, without its extension: 03-1234-5678, +44 20 7946 0958."""
    main, _ = parts(address)
    if not main.startswith("+"):
        return main
    try:
        parsed = phonenumbers.parse(main, None)
    except phonenumbers.NumberParseException:
        return main
    home = phonenumbers.region_code_for_number(parsed) == country
    form = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, form)


def hidden(kind: Kind, address: str) -> str:
    """Enough to tell two apart and nothing to write there with."""
    if kind not in SECRET:
        return address
    if "://" not in address:
        if kind not in _TOPICS:
            return address  # the name of somebody in a chat
        return f"{address[:1]}\u2026{address[-4:]}" if len(address) > 8 else "\u2026"
    split = urlsplit(address)
    host = split.hostname if split.scheme in {"http", "https"} else ""
    return f"{split.scheme}://{host or ''}/\u2026"


def dialled(kind: Kind, address: str) -> str:
    """The link that calls or writes there; empty where no browser can. RFC 3966, RFC 6068."""
    if kind is Kind.MAIL:
        return "mailto:" + quote(address, safe="@.+-_")
    main, extension = parts(address)
    if kind not in (Kind.PHONE, Kind.SMS) or not main:
        return ""
    scheme = "tel" if kind is Kind.PHONE else "sms"
    return f"{scheme}:{quote(main, safe='+*')}" + (f"{_EXTENSION}{extension}" if extension else "")
