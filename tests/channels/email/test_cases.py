"""Mails as they came to desks and were once read wrongly, delivered as they are, and what must stand on the ticket."""

import pytest

from deskbook.channels.email.intake import ingest
from deskbook.channels.email.receive import receive
from tests.channels.email.post import FIXTURES


def delivered(name, **how):
    return receive(ingest((FIXTURES / f"{name}.eml").read_bytes(), **how))


@pytest.mark.parametrize(
    ("name", "subject", "words"),
    [
        ("one-bad-byte-in-malayalam", "One bad byte", "പ്രിന്റർ പ്രവർത്തിക്കുന്നില്ല.\nprice � 5"),
        ("subject-cut-inside-a-character", "प्रिंटर काम नहीं करत�", "x"),
        ("charset-only-in-html-meta", "Meta charset", "Здравствуйте, не работает вход"),
        ("raw-bytes-in-encoded-word", "Größe", "x"),
        ("base64-followed-by-footer", "Case 86b", "The words are here, nothing more."),
    ],
)
def test_what_was_sent_is_readable_on_the_ticket(desk, name, subject, words):
    row = delivered(name)
    assert (row.state, row.ticket.subject) == ("done", subject)
    assert words in row.message.text
