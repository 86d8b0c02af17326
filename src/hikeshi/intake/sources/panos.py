"""The comma-separated logs of PAN-OS as tables. Pure.

Names and order are those of the maker's syslog field descriptions; what follows the fields named here is not read.
Only ``high_res_timestamp`` says its zone: it is ``at``, wherever it stands. Nothing raises: what is no such log stays
a line.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from typing import Final

from hikeshi.intake.sources import syslog_lines

Document = dict[str, object]


def _named(fields: str) -> Sequence[str]:
    """A dash stands for one that is not read."""
    return tuple("" if name == "-" else name for name in fields.split())


_HEAD: Final = _named("- received serial type subtype - generated")
_WAY: Final = _named(
    "src dst natsrc natdst rule srcuser dstuser app vsys from to inbound outbound logset - sessionid "
    "repeatcnt sport dport natsport natdport flags proto action"
)
_THREAT: Final = (
    *_WAY,
    *_named(
        "misc threatid category severity direction seqno actionflags srcloc dstloc - contenttype pcap_id "
        "filedigest cloud url_idx user_agent filetype xff referer sender subject recipient reportid - - - "
        "- vsys_name device_name"
    ),
)
_FIELDS: Final[Mapping[str, Sequence[str]]] = {
    "THREAT": _THREAT,
    "TRAFFIC": _WAY,
    "SYSTEM": _named("vsys eventid object - - module severity opaque seqno actionflags - - - - vsys_name device_name"),
    "CONFIG": _named("host vsys cmd admin client result path"),
    "HIPMATCH": _named("srcuser vsys machinename os src matchname repeatcnt matchtype"),
    "GLOBALPROTECT": _named(
        "vsys eventid stage auth_method tunnel_type srcuser srcregion machinename public_ip public_ipv6 "
        "private_ip private_ipv6 hostid serialnumber client_ver client_os - - reason error opaque status"
    ),
    "CORRELATION": _named(
        "src srcuser vsys category severity - - - - vsys_name device_name - objectname objectid evidence"
    ),
    "USERID": _named("vsys src srcuser datasourcename eventid"),
    "AUTHENTICATION": _named("vsys src srcuser normalized object authpolicy repeatcnt authid vendor"),
}
_LOG: Final = re.compile(r"^\d,[^,]*,[^,]*,([A-Z]{3,20}),")
_ZONED: Final = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$")
_THREAT_ID: Final = re.compile(r"^(.*?)\((\d+)\)$")


def read(document: Document) -> Document:
    """The line's table, with the log's fields under ``panos`` where it holds one."""
    table = syslog_lines.read(document)
    message = table.get("message")
    found = _LOG.match(message) if isinstance(message, str) else None
    if isinstance(message, str) and found is not None:
        table["panos"] = _log(found[1], message)
    return table


def _log(kind: str, message: str) -> Document:
    try:
        values = next(csv.reader([message]))
    except (csv.Error, StopIteration):
        values = message.split(",")
    names = (*_HEAD, *_FIELDS.get(kind, ()))
    log: Document = {name: value for name, value in zip(names, values, strict=False) if name and value}
    stamp = next((value for value in values if _ZONED.match(value)), None)
    if stamp:
        log["at"] = stamp
    return log | _threat(log) if kind == "THREAT" else log


def _threat(log: Document) -> Document:
    """What its identifier and its odd field are: ``misc`` is an address, or the name of a file, by what was found."""
    found = _THREAT_ID.match(str(log.get("threatid", "")))
    told: Document = {"thr_category": log.get("category")} if log.get("category") != "any" else {}
    if found:
        told |= {"threat": "" if found[1].isdigit() else found[1].strip(), "threat_number": found[2]}
    if "misc" in log:
        told["url" if log.get("subtype") in {"url", "vulnerability", "spyware"} else "file"] = log["misc"]
    return told
