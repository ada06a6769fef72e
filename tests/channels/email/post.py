"""Mail for the tests: the fixtures by name, and short mails written out in place."""

from __future__ import annotations

from pathlib import Path

from deskbook.channels.email.address import Signer
from deskbook.channels.email.mail import ParsedMail
from deskbook.channels.email.ours import Ours
from deskbook.channels.email.parse import parse

FIXTURES = Path(__file__).parent / "fixtures"
SIGNER = Signer(b"a secret of the tests", "desk.example", prefix="SPR")
OURS = Ours(["info@desk.example"], ["desk.example"], SIGNER)


def fixture(name: str) -> ParsedMail:
    return parse((FIXTURES / f"{name}.eml").read_bytes())


def mail(headers: str = "", body: str = "It does not print.") -> ParsedMail:
    """A mail of Chitra's to the desk; a header given replaces the one she would have."""
    given = {line.partition(":")[0] for line in headers.splitlines()}
    usual = {
        "From": "Chitra <chitra@customer.example>",
        "To": "info@desk.example",
        "Subject": "Printer",
        "Date": "Mon, 2 Mar 2026 10:15:42 +0530",
        "Message-ID": "<m1@customer.example>",
    }
    lines = [f"{name}: {value}" for name, value in usual.items() if name not in given]
    return parse("\r\n".join([*lines, *headers.splitlines(), "", body]).encode())
