"""What an invitation says is read, also where only its calendar says it."""

import pytest

from deskbook.channels.email.invitation import summary
from deskbook.channels.email.parse import parse

INVITED = """\
From: Chitra <chitra@example.org>
To: help@desk.example
Subject: Invitation
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain; charset=utf-8

{plain}
--b
Content-Type: text/calendar; charset=utf-8; method=REQUEST

BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VEVENT
SUMMARY:Printer
DTSTART:20260302T100000Z
DESCRIPTION:Bring the serial number\\, please.\\nIt is ZQ77.
END:VEVENT
END:VCALENDAR

--b--
"""


def test_what_only_the_calendar_says_of_a_meeting_is_read():
    said = parse(INVITED.format(plain="You are invited.").encode()).text
    assert "About: Bring the serial number, please. It is ZQ77." in said


def test_what_the_mail_says_already_is_not_said_twice():
    said = parse(
        INVITED.format(plain="Bring the serial number, please.\nIt is ZQ77.").encode()
    ).text
    assert said.count("ZQ77") == 1


@pytest.mark.parametrize(("written", "read"), [(r"a\\nb", r"a\nb"), (r"a\;b\Nc", "a;b c")])
def test_a_text_of_a_calendar_is_read_as_it_was_meant(written, read):
    calendar = f"BEGIN:VEVENT\r\nDESCRIPTION:{written}\r\nEND:VEVENT\r\n"
    assert f"About: {read}" in summary(calendar)
