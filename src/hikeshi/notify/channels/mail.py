"""Mail over the site's own SMTP server: plain text in UTF-8, threaded by subject, answerable by its own address."""

import contextlib
import hashlib
import smtplib
import socket
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from hikeshi.kernel import clock
from hikeshi.kernel.http import Barred, connect
from hikeshi.kernel.http.client import cut_after, trust
from hikeshi.notify import tokens
from hikeshi.notify.handing import Failed, Fault, Handed, Parcel, Setup
from hikeshi.notify.wording import Form

SECONDS: Final = 30.0
_GREYLISTED: Final = 120.0
"""Seconds: a mail server that says "later" means minutes."""


class _Pinned(smtplib.SMTP):
    """Talks over a connection that the guard has made."""

    def __init__(self, wire: socket.socket, host: str, me: str) -> None:
        self._wire = wire
        super().__init__(local_hostname=me)
        self._host = host  # the name STARTTLS checks; connect(), which we do not call, would set it
        self.timeout = SECONDS

    def begin(self) -> None:
        self.sock = self._wire
        self.file = None
        code, said = self.getreply()
        if code != 220:
            raise smtplib.SMTPConnectError(code, said)


class Mail:
    """Plain settings: host, port, security (starttls, tls, none), auth, username, sender, reply_to. Secret: password.
    Where ``auth`` is no password: what tokens.py asks for.
    """

    form = Form.FULL
    makes_ready = False

    def send(self, parcel: Parcel, setup: Setup) -> Handed:
        plain = setup.plain
        sender = plain.get("sender", "")
        if not sender:
            raise Failed(Fault("not_set_up"))
        return self.carry(
            letter(parcel, sender, plain.get("reply_to", ""), read=bool(plain.get("imap_host"))),
            parcel.way.address,
            setup,
        )

    def carry(self, mail: EmailMessage, to: str, setup: Setup) -> Handed:
        """Any mail, by the site's server. Raises Failed."""
        plain = setup.plain
        host = plain.get("host", "")
        if not host or not plain.get("sender"):
            raise Failed(Fault("not_set_up"))
        # An administrator named this server: that is the permission.
        port = int(plain.get("port") or 587)
        within = setup.permitted.along(host)
        try:
            wire = connect(host, port, within)
        except Barred as barred:
            raise Failed(Fault(barred.why, passing=True)) from None
        return self._talk(wire, mail, to, setup)

    def _talk(self, wire: socket.socket, mail: EmailMessage, to: str, setup: Setup) -> Handed:
        """Unsure only while the text itself is on its way: before that nothing was taken."""
        given = False
        try:
            with (
                contextlib.closing(_secured(wire, setup)) as line,
                cut_after(line, SECONDS),
                contextlib.closing(_Pinned(line, setup.plain["host"], _domain(setup.plain["sender"]))) as desk,
            ):
                desk.begin()
                self._introduce(desk, setup)
                given = True
                refused = desk.send_message(mail, to_addrs=[to])
                given = False
                with contextlib.suppress(smtplib.SMTPException, OSError):
                    desk.quit()
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()), (550, b""))[0]
            raise Failed(_refused(code, "refused_address", of_the_way=True)) from None
        except smtplib.SMTPAuthenticationError as error:
            raise Failed(Fault("unauthorised", status=error.smtp_code)) from None
        except smtplib.SMTPServerDisconnected:
            raise Failed(Fault("timeout" if given else "unreachable", passing=True, unsure=given)) from None
        except smtplib.SMTPResponseException as error:
            raise Failed(_refused(error.smtp_code, "refused")) from None
        except smtplib.SMTPException:
            raise Failed(Fault("refused")) from None
        except (OSError, ValueError):
            raise Failed(Fault("timeout" if given else "unreachable", passing=True, unsure=given)) from None
        if refused:
            raise Failed(Fault("refused_address", of_the_way=True))
        return Handed(provider_id=str(mail["Message-ID"]).strip("<>"), status=250)

    def _introduce(self, desk: _Pinned, setup: Setup) -> None:
        desk.ehlo_or_helo_if_needed()
        if setup.plain.get("security", "starttls") == "starttls":
            desk.starttls(context=trust())
            desk.ehlo()
        way = tokens.way_of(setup.plain, "auth")
        if way is not tokens.Way.PASSWORD:
            user = setup.plain.get("username") or setup.plain["sender"]
            _prove_by_token(desk, tokens.Ask(way, user, setup))
        elif setup.plain.get("username"):
            _prove(desk, setup.plain["username"], setup.secret.get("password", ""))


def _prove(desk: _Pinned, username: str, password: str) -> None:
    """Once, by the first way that both sides know: trying them all would lock an account after one wrong password."""
    offered = desk.esmtp_features.get("auth", "").upper().split()
    desk.user, desk.password = username, password
    for name, how in (("PLAIN", desk.auth_plain), ("LOGIN", desk.auth_login), ("CRAM-MD5", desk.auth_cram_md5)):
        if name in offered:
            desk.auth(name, how)
            return
    raise smtplib.SMTPAuthenticationError(504, b"no way of signing in that we know")


def _prove_by_token(desk: _Pinned, ask: tokens.Ask) -> None:
    def tries(token: str) -> bool:
        first = tokens.xoauth2(ask.user, token)
        try:
            desk.auth("XOAUTH2", lambda challenge=None: first if challenge is None else "")
        except smtplib.SMTPAuthenticationError:
            return False
        return True

    if not tokens.let_in(ask, tries):
        raise Failed(Fault("unauthorised"))


def _secured(wire: socket.socket, setup: Setup) -> socket.socket:
    if setup.plain.get("security") != "tls":
        return wire
    return trust().wrap_socket(wire, server_hostname=setup.plain["host"])


def _refused(code: int, otherwise: str, *, of_the_way: bool = False) -> Fault:
    """4xx: later; 5xx: never (RFC 5321 4.2.1)."""
    if 400 <= code < 500:
        return Fault("busy", passing=True, retry_after=_GREYLISTED, status=code)
    return Fault(otherwise, of_the_way=of_the_way, status=code)


def letter(parcel: Parcel, sender: str, reply_to: str, *, read: bool = False) -> EmailMessage:
    """The first message of a subject and the later ones stand in one thread; a reply carries the token back twice.

    ``read``: replies are read, so how to write one is said.
    """
    domain = _domain(sender)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(display_name="Hikeshi", addr_spec=sender)
    mail["To"] = Address(addr_spec=parcel.way.address)
    mail["Subject"] = parcel.title
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{parcel.token or parcel.mark or parcel.key}.{clock.now():%H%M%S%f}@{domain}>"
    thread = f"<{hashlib.sha256(parcel.thread.encode()).hexdigest()[:32]}.thread@{domain}>"
    mail["In-Reply-To"] = mail["References"] = thread
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday answer comes back as a person's
    mail["Content-Language"] = parcel.language
    if parcel.urgency == 1:
        mail["Importance"] = "high"
    if reply_to and parcel.token:
        local, _, at = reply_to.rpartition("@")
        mail["Reply-To"] = Address(addr_spec=f"{local}+{parcel.token}@{at}")
    text = f"{parcel.text}\n\n{_how_to_reply(parcel)}" if read and parcel.token else parcel.text
    mail.set_content(text + "\n", charset="utf-8", cte=_encoding(text))
    return mail


def _how_to_reply(parcel: Parcel) -> str:
    with translation.override(parcel.language):
        if parcel.choices == ("here",):
            return _("Or reply to this mail with 1 as its first line.")
        if parcel.choices == ("acknowledge",):
            return _("Or reply to this mail with 1 as its first line: you take all it told you of.")
        return _("Or reply to this mail. First line: 1 = you take it, 2 = hand it over, 3 = you need help.")


def _encoding(text: str) -> str:
    """Lines stay under 998 octets whatever is in them (RFC 5322 2.1.1); servers without 8BITMIME lose nothing."""
    return "7bit" if text.isascii() and all(len(line) < 900 for line in text.split("\n")) else "base64"


def _domain(sender: str) -> str:
    return sender.rpartition("@")[2]
