"""Syslog over UDP, TCP and TLS: off unless the environment opens it, and heard only from senders it names."""

from hikeshi.edge.syslog.ports import CLOSED, BadSyslog, Ports, read_ports
from hikeshi.edge.syslog.receiving import Syslog

__all__ = ["CLOSED", "BadSyslog", "Ports", "Syslog", "read_ports"]
