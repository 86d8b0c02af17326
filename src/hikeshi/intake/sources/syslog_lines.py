"""One line of syslog as a table: RFC 5424, RFC 3164 as it really comes, and CEF, LEEF, key=value or JSON inside. Pure.

The door stores ``{"syslog": line, "peer": address, "at": receipt}``; mappings with ``keys: syslog`` read what this
makes of it: priority, facility, level, time, host, app, process, message_id, sd (structured data), message, steady (the
message without the ports that only number a connection), form (cef, leef, pairs, json, text) and under the form's own
name its fields; of pairs also words, the message without them. Nothing raises: what cannot be read is a message.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

Document = dict[str, object]
LONGEST: Final = 64 * 1024
"""Characters of a line that are looked at; the door cuts longer ones and says so."""
_FIELDS: Final = 300
_LEVELS: Final = ("emergency", "alert", "critical", "error", "warning", "notice", "information", "debug")
_SYSTEM: Final = ("kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp")
_FACILITIES: Final = (*_SYSTEM, "ntp", "audit", "alert", "clock", *(f"local{number}" for number in range(8)))
_PRIORITY: Final = re.compile(r"<(\d{1,3})> ?")
_STAMP: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?Z?"
_NEW: Final = re.compile(rf"(?:(\d{{1,2}}) )?({_STAMP}|-) (\S{{1,255}}) (\S{{1,128}}) (\S{{1,128}}) (\S{{1,64}}) ")
_OLD: Final = re.compile(r"[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d+)?(?: [A-Z]{3,4})?:? ")
_SHORT: Final = re.compile(rf"(?:\d{{1,2}} )?({_STAMP}) ")
_HOST: Final = re.compile(r"([A-Za-z0-9][A-Za-z0-9._:-]{0,254}) ")
_TAG: Final = re.compile(r"([A-Za-z0-9_./%-]{1,64})(?:\[([^\]\s]{1,64})\])?: ?")
_INSIDE: Final = re.compile(r"\b(CEF: ?\d|LEEF:[12]\.0)\|")
_PARAM: Final = re.compile(r'\s*([^\s=\]"]{1,64})="((?:[^"\\\]]|\\.)*)"')
_SD_NAME: Final = re.compile(r"\[([^\s=\]\"]{1,64})")
_DATA: Final = re.compile(r"-(?: |$)|\[[^\s=\]\"]{1,64}[ \]]")
_CEF_KEY: Final = re.compile(r"(?:^|\s)([A-Za-z0-9_.\[\]-]{1,100})=")
_PAIR: Final = re.compile(r'(?:^|[\s,;])([A-Za-z][A-Za-z0-9_.-]{0,63})=("(?:[^"\\]|\\.)*"|[^\s,;"]*)')
_CLIENTS: Final = r"3276[89]|327[7-9]\d|32[89]\d\d|3[3-9]\d{3}|[45]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5]"
"""32768 to 65535: what systems give those who open a connection (Linux from 32768, others from 49152, RFC 6335)."""
_NUMBERED: Final = re.compile(rf"((?i:\bport)[ =:]+|\d\.\d{{1,3}}[/:#]|\][/:#])(?:{_CLIENTS})(?![\d.])")
_MARK: Final = "\u27e8U+FEFF\u27e9"
"""The byte order mark of RFC 5424, 6.4, as `cleaning` shows it: there it says UTF-8, anywhere else it hides."""
_PAIRS: Final = 3
"""Fewer are words with an equals sign between them."""


def read(document: Document) -> Document:
    """The table of the stored line, or the document itself where it holds none."""
    line = document.get("syslog")
    if not isinstance(line, str):
        return document
    told: Document = {key: value for key, value in document.items() if key != "syslog"}
    line = line[:LONGEST].strip("\0\r\n\t ")
    inside = _INSIDE.search(line)
    found = _inside(line[inside.start() :]) if inside else None
    if inside and found is not None:
        _head(line[: inside.start()], told)
        told["message"] = line[inside.start() :]
        return told | found
    told["message"] = rest = _head(line, told)
    told["steady"] = _NUMBERED.sub(r"\1*", rest)
    return told | _body(rest)


def _inside(text: str) -> Document | None:
    return _cef(text) if text.startswith("CEF") else _leef(text)


def _head(line: str, told: Document) -> str:
    """Puts what stands before the message into ``told``; returns the message."""
    found = _PRIORITY.match(line)
    if found and int(found[1]) < len(_FACILITIES) * 8:
        number = int(found[1])
        told["priority"], told["facility"], told["level"] = number, _FACILITIES[number // 8], _LEVELS[number % 8]
        line = line[found.end() :]
    new = _NEW.match(line)
    if new and (new[1] or _is_whole(new, line)):
        return _structured(line[new.end() :], new, told)
    old = _OLD.match(line) or _SHORT.match(line)
    if old is None:
        return line
    if old.re is _SHORT:
        told["time"] = _stamp(old[1])
    return _named(line[old.end() :], told)


def _is_whole(head: re.Match[str], line: str) -> bool:
    """Without the version a time of RFC 5424 stands before lines of RFC 3164 too, as rsyslog forwards them: only what
    has structured data, or says that it has none, and no tag with its colon is a head of RFC 5424.
    """
    return not head[4].endswith(":") and _DATA.match(line, head.end()) is not None


def _structured(rest: str, head: re.Match[str], told: Document) -> str:
    if head[2] != "-":
        told["time"] = _stamp(head[2])
    for name, value in zip(("host", "app", "process", "message_id"), head.groups()[2:], strict=True):
        if value != "-":
            told[name] = value
    sd, rest = _elements(rest)
    if sd:
        told["sd"] = sd
    return rest.strip().removeprefix("\ufeff").removeprefix(_MARK)


def _stamp(text: str) -> str:
    """Some write both an offset and a Z."""
    text = text.replace(",", ".")
    return text[:-1] if re.search(r"[+-]\d\d:?\d\dZ$|ZZ$", text) else text


def _named(rest: str, told: Document) -> str:
    """RFC 3164: host and tag, both of which may be missing."""
    host = _HOST.match(rest)
    if host and not host[1].endswith(":"):
        told["host"] = host[1]
        rest = rest[host.end() :].removeprefix(": ")  # as Cisco's firewalls write it
    tag = _TAG.match(rest)
    if tag is None:
        return rest
    told["app"] = tag[1]
    if tag[2]:
        told["process"] = tag[2]
    return rest[tag.end() :]


def _elements(rest: str) -> tuple[dict[str, dict[str, str]], str]:
    """SD-ELEMENTs by their name, and what follows. What is not well-formed is left to the message."""
    found: dict[str, dict[str, str]] = {}
    if rest.startswith("-"):
        return found, rest[1:]
    while (name := _SD_NAME.match(rest)) and len(found) < _FIELDS:
        at, params = name.end(), dict[str, str]()
        while (param := _PARAM.match(rest, at)) and len(params) < _FIELDS:
            params[param[1]] = re.sub(r'\\(["\\\]])', r"\1", param[2])
            at = param.end()
        if rest[at : at + 1] != "]":
            return found, rest
        found[name[1]] = params
        rest = rest[at + 1 :]
    return found, rest


def _body(message: str) -> Document:
    if message.startswith("{"):
        table = _json(message)
        if table is not None:
            return {"form": "json", "json": table}
    pairs = dict(_pairs(message))
    if len(pairs) >= _PAIRS:
        return {"form": "pairs", "pairs": pairs, "words": _PAIR.sub("", message, count=_FIELDS).strip(" ,;")}
    return {"form": "text"}


def _json(message: str) -> Document | None:
    try:
        table: object = json.loads(message)
    except (ValueError, RecursionError):
        return None
    return table if isinstance(table, dict) else None


def _split(text: str, most: int) -> list[str]:
    """At bars that no backslash hides; the last part is the rest, as it is."""
    parts: list[str] = []
    start = at = 0
    while at < len(text) and len(parts) < most:
        if text[at] == "\\":
            at += 2
            continue
        if text[at] == "|":
            parts.append(re.sub(r"\\([\\|])", r"\1", text[start:at]).strip())
            start = at + 1
        at += 1
    return [*parts, text[start:]]


def _cef(text: str) -> Document | None:
    """``CEF:0|vendor|product|version|signature|name|severity|extension``, in ArcSight's escapes."""
    parts = _split(text, 7)
    if len(parts) < 8:
        return None
    names = ("vendor", "product", "version", "signature", "name", "severity")
    head: Document = dict(zip(names, parts[1:7], strict=True))
    fields = dict(_extension(parts[7]))
    labelled = {fields[f"{key}Label"]: value for key, value in fields.items() if f"{key}Label" in fields}
    return {"form": "cef", "cef": {**head, "fields": fields, "labelled": labelled}}


def _extension(text: str) -> Iterator[tuple[str, str]]:
    """A value goes on until the next word with an equals sign; one behind a backslash is none."""
    keys = [found for found in _CEF_KEY.finditer(text) if text[found.end() - 2] != "\\"][:_FIELDS]
    ends = [*(found.start() for found in keys[1:]), len(text)]
    for found, end in zip(keys, ends, strict=False):  # without any key there is still an end
        yield found[1], _unescaped(text[found.end() : end].strip())


_ESCAPES: Final[Mapping[str, str]] = {"n": "\n", "r": "\n", "=": "=", "\\": "\\", "|": "|"}


def _unescaped(text: str) -> str:
    return re.sub(r"\\([nr=\\|])", lambda found: _ESCAPES[found[1]], text) if "\\" in text else text


def _leef(text: str) -> Document | None:
    """``LEEF:1.0|vendor|product|version|event|attributes`` between tabs, or what 2.0 names as its delimiter."""
    second = text.startswith("LEEF:2")
    parts = _split(text, 6 if second else 5)
    if len(parts) < 6:
        return None
    head: Document = dict(zip(("vendor", "product", "version", "event"), parts[1:5], strict=True))
    delimiter = _delimiter(parts[5]) if second and len(parts) > 6 else _guessed(parts[-1])
    pairs = (part.partition("=") for part in parts[-1].split(delimiter)[:_FIELDS])
    fields = {key.strip(): value.strip() for key, equals, value in pairs if equals and key.strip()}
    return {"form": "leef", "leef": {**head, "fields": fields}}


def _guessed(attributes: str) -> str:
    """Tabs, as the form says; bars and carets where a maker writes those."""
    return next((one for one in ("\t", "|", "^") if one in attributes), "\t")


def _delimiter(named: str) -> str:
    number = re.fullmatch(r"(?:0?x)([0-9A-Fa-f]{1,4})", named)
    if number:
        return chr(int(number[1], 16)) or "\t"
    return named[:1] or "\t"


def _pairs(message: str) -> Iterator[tuple[str, str]]:
    for count, found in enumerate(_PAIR.finditer(message)):
        if count >= _FIELDS:
            return
        value = found[2]
        yield found[1], re.sub(r'\\(["\\])', r"\1", value[1:-1]) if value.startswith('"') else value
