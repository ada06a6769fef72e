"""What is printed of a ticket is all there is of it."""

import re

import pytest
from django.utils import timezone

from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.tickets.conversation import answer_ticket, note_on_ticket
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Attachment, Message
from deskbook.tickets.relations import merge_ticket
from deskbook.tickets.thread import MOST_TEXT

MAIL = b"""From: Chitra <chitra@customer.example>
To: support@sparkrock.example
Subject: With everything
Message-ID: <all@customer.example>
Date: Mon, 2 Mar 2026 10:15:42 +0530
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: multipart/related; boundary=r

--r
Content-Type: text/html; charset=utf-8

<p>Look at this <img src="cid:one@x" alt="the screen"></p>
--r
Content-Type: image/png; name=screen.png
Content-ID: <one@x>
Content-Disposition: inline; filename=screen.png
Content-Transfer-Encoding: base64

iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
--r--
--b
Content-Type: message/rfc822

From: Farid <farid@customer.example>
Subject: What he told me
Message-ID: <inner@customer.example>
Content-Type: text/plain; charset=utf-8

INNER
--b--
""".replace(b"INNER", b"It was him. " * 2_500 + b"Inmost words.")


@pytest.fixture
def on_paper(console):
    def page(ticket):
        answer = console.get(f"/console/tickets/{ticket}/print")
        assert answer.status_code == 200
        return b"".join(answer.streaming_content).decode()

    return page


def test_the_ticket_says_where_it_is_printed(console, case, at_ticket):
    assert f'href="{at_ticket("print")}"' in console.get(at_ticket()).content.decode()


def test_a_long_story_is_printed_whole_once_and_in_its_order(on_paper, case, open_case, asha):
    other = open_case("The same again")
    for n in range(150):
        note_on_ticket(case, Written(f"here {n:03}."), at=timezone.now(), by=asha)
        if n % 3 == 0:
            note_on_ticket(other, Written(f"there {n:03}."), at=timezone.now(), by=asha)
    merge_ticket(other, case, at=timezone.now(), by=asha)
    case.refresh_from_db()
    wanted = [
        f"{place} {n:03}."
        for n in range(150)
        for place in ("here", *(("there",) if n % 3 == 0 else ()))
    ]
    page = on_paper(case)
    assert re.findall(r"(?:here|there) \d{3}\.", page) == wanted
    assert f"End of {case}" in page


def test_long_words_are_printed_to_their_end_and_no_quoted_text_is_folded(on_paper, case, asha):
    answer_ticket(case, Written("Much. " * 4_000 + "The end."), at=timezone.now(), by=asha)
    Message.objects.filter(kind="request").update(quoted="q" * MOST_TEXT + " quoted to the end")
    page = on_paper(case)
    assert "The end." in page and "quoted to the end" in page
    assert "<details" not in page and "Show all of it" not in page


def test_every_file_is_named_with_its_size_also_pictures_and_mails_in_mails(on_paper, desk):
    mailed = receive(ingest(MAIL))
    page = on_paper(mailed.ticket)
    named = re.findall(r"<li>File: <a[^>]*>([^<]*)</a>, [0-9]+", page)
    assert sorted(named) == sorted(Attachment.objects.values_list("name", flat=True))
    assert "screen.png" in named
    assert "Inmost words." in page
    assert f"/console/mails/{mailed.pk}/original" in page


def test_a_note_of_files_alone_is_printed_with_their_names(on_paper, case, asha):
    file = File("log, 2 März.txt", "text/plain", b"line")
    note_on_ticket(case, Written("", files=[file]), at=timezone.now(), by=asha)
    assert "log, 2 März.txt</a>, 4\xa0bytes" in on_paper(case)
