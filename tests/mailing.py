"""Mails that come back, as people's programs and mail servers write them."""

from email.message import EmailMessage
from email.policy import SMTP

TOKEN = "A" * 21 + "-_" + "b" * 20


def mail(text: str, **headers: str) -> bytes:
    written = EmailMessage(policy=SMTP)
    for name, value in {"From": "somebody@example.com", "Subject": "Re: x", **headers}.items():
        if name in written:
            del written[name]
        written[name] = value
    written.set_content(text)
    return written.as_bytes()


def bounce(token: str, *, action: str = "failed", whole: bool = True) -> bytes:
    """A report as RFC 3464 has it, with the mail itself or its headers alone."""
    kind = "message/rfc822" if whole else "text/rfc822-headers"
    return (
        "From: MAILER-DAEMON@mail.example.jp\r\nTo: desk@example.jp\r\nSubject: Undelivered Mail\r\n"
        "Auto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=b="\r\nMIME-Version: 1.0\r\n\r\n'
        "--=b=\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nI could not deliver it.\r\n\r\n"
        "--=b=\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example.jp\r\n\r\n"
        f"Final-Recipient: rfc822; gone@example.jp\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
        f"--=b=\r\nContent-Type: {kind}\r\n\r\nFrom: desk@example.jp\r\nTo: gone@example.jp\r\nSubject: x\r\n"
        f"Message-ID: <{token}.010203000000@example.jp>\r\n\r\n{'text' if whole else ''}\r\n--=b=--\r\n"
    ).encode()
