"""A mail that costs more than any mail needs is set aside by itself, whatever is in it."""

import pytest

from deskbook.channels.email.models import InboundMail
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.delivery.states import Taken
from deskbook.people.refusals import in_words
from tests.lengths import spent

pytestmark = pytest.mark.django_db
_HEAD = (
    b"From: chitra@customer.example\r\nTo: it@harbour.example\r\nMessage-ID:"
    b" <m@customer.example>\r\n"
)
# Eleven million headers in a thousand parts: each is a few bytes in the mail and some hundred once
# it is read.
_COSTLY = (
    _HEAD
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + (b"--b\r\nContent-Type: a/b\r\n" + b"a:\n" * 11_000 + b"\r\nx\r\n") * 900
)
_A = b"a@b.example,"
_LOOKED_AT = (
    b"List-Id",
    b"List-Post",
    b"X-Failed-Recipients",
    b"Return-Path",
    b"Precedence",
    b"X-Loop",
)
_FORWARDED = b"From: bob@harbour.example\r\nTo: it@harbour.example\r\nSubject: Fwd: x\r\n"
_BLOCK = (
    b"---------- Forwarded message ---------\r\nFrom: Joe\r\n%s\r\nTo: x\r\nSubject: y\r\nDate:"
    b" z\r\n"
)
_FILE = b"--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: [%s\r\n\r\nhello\r\n"
# What these name comes from strangers, and the worker looks at it itself once the mail has been
# read apart.
_DEAR_TO_THE_WORKER = {
    "an address that never ends, in a forwarded mail": (
        _FORWARDED + b"\r\n" + _BLOCK % (b"[" + b"@" * 60_000)
    ),
    "a hundred forwarded mails in one": _FORWARDED + b"\r\n" + _BLOCK % (b"[a@" * 100) * 60,
    "files with an address that never ends": (
        _FORWARDED
        + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        + _FILE % (b"@" * 60_000) * 10
        + b"--b--\r\n"
    ),
    "thousands that a list could be": (
        b"From: noreply@x.example\r\nTo: it@harbour.example\r\nX-Original-From: %s\r\n"
        b"Reply-To: %s\r\nList-Post: <a@b.example>,%s\r\n%s\r\nhello\r\n"
        % (_A * 1_000, _A * 1_000, b"q@b.example," * 5_000, b"List-Id: x\r\n" * 40_000)
    ),
    "thousands of every header that is looked at": (
        _HEAD
        + b"".join(name + b": (((((<@;x,\r\n" for name in _LOOKED_AT) * 3_000
        + b"\r\nhello\r\n"
    ),
    "thousands it was sent to": (
        _HEAD
        + b"".join(
            name + b": " + _A * 5_000 + b"\r\n"
            for name in (b"To", b"Cc", b"Delivered-To", b"X-RcptTo")
        )
        + b"References: "
        + b"<a@b.example>\r\n " * 4_000
        + b"\r\n\r\nhello\r\n"
    ),
}


def _received(raw, desk):
    return receive(ingest(raw, "it@harbour.example"))


def test_a_mail_that_costs_too_much_is_quarantined_and_kept_as_it_came_and_the_next_is_read_as_ever(
    desk,
):
    costly = _received(_COSTLY, desk)
    assert costly.state == Taken.HELD
    assert "more than any mail needs" in in_words(costly.reason)
    assert bytes(costly.raw.data) == _COSTLY
    row = _received(_HEAD + b"Subject: Printer\r\n\r\nIt does not print.\r\n", desk)
    assert row.state == Taken.DONE
    assert row.message.text == "It does not print."


@pytest.mark.parametrize(
    "lines",
    [
        [
            b"Content-Type: text/calendar",
            b"",
            b"BEGIN:VEVENT",
            b"SUMMARY" + b";" * 60,
            b"END:VEVENT",
        ],
        [
            b"Content-Type: text/calendar",
            b"",
            b"BEGIN:VEVENT",
            b"ATTENDEE;CN=" + b";x=y" * 900,
            b'"a',
            b"END:VEVENT",
        ],
        [b'Content-Type: text/plain; a="' + b";" * 60_000, b"", b"It does not print."],
    ],
)
def test_lines_of_semicolons_are_read_like_any_other(desk, lines):
    assert _received(_HEAD + b"\r\n".join(lines), desk).state == Taken.DONE


@pytest.mark.parametrize("dear", _DEAR_TO_THE_WORKER)
def test_what_a_mail_says_costs_the_worker_itself_less_than_a_second(desk, dear):
    row = ingest(_DEAR_TO_THE_WORKER[dear], "it@harbour.example")
    assert spent(receive, row) < 1
    assert InboundMail.objects.get().state != Taken.HELD
