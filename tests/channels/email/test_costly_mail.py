"""A mail that costs more than any mail needs is set aside by itself, whatever is in it."""

import pytest

from deskbook.channels.email.intake import ingest
from deskbook.channels.email.models import InboundMail
from deskbook.channels.email.receive import receive

pytestmark = pytest.mark.django_db
_HEAD = b"From: chitra@customer.example\r\nTo: it@harbour.example\r\nMessage-ID: <m@customer.example>\r\n"
# Eleven million headers in a thousand parts: each is a few bytes in the mail and some hundred once it is read.
_COSTLY = (
    _HEAD
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + (b"--b\r\nContent-Type: a/b\r\n" + b"a:\n" * 11_000 + b"\r\nx\r\n") * 900
)


def _received(raw, desk):
    return receive(ingest(raw, "it@harbour.example"))


def test_a_mail_that_costs_too_much_is_quarantined_and_kept_as_it_came_and_the_next_is_read_as_ever(desk):
    costly = _received(_COSTLY, desk)
    assert costly.state == InboundMail.State.QUARANTINED
    assert "more than any mail needs" in costly.reason
    assert bytes(costly.raw.data) == _COSTLY
    row = _received(_HEAD + b"Subject: Printer\r\n\r\nIt does not print.\r\n", desk)
    assert row.state == InboundMail.State.DONE
    assert row.message.text == "It does not print."


@pytest.mark.parametrize(
    "lines",
    [
        [b"Content-Type: text/calendar", b"", b"BEGIN:VEVENT", b"SUMMARY" + b";" * 60, b"END:VEVENT"],
        [b"Content-Type: text/calendar", b"", b"BEGIN:VEVENT", b"ATTENDEE;CN=" + b";x=y" * 900, b'"a', b"END:VEVENT"],
        [b'Content-Type: text/plain; a="' + b";" * 60_000, b"", b"It does not print."],
    ],
)
def test_lines_of_semicolons_are_read_like_any_other(desk, lines):
    assert _received(_HEAD + b"\r\n".join(lines), desk).state == InboundMail.State.DONE
