"""An answer that was typed as Markdown, on each page that shows it."""

from uuid import uuid4

from django.test import Client
from django.utils import timezone

from deskbook.people.contacts import give_sign_in
from deskbook.tickets.conversation import take_in_message
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Message
from tests.screens import one_line

TYPED = "Take **both**:\n\n- one\n- two"
SHOWN = "<p>Take <strong>both</strong>:</p> <ul> <li>one</li> <li>two</li> </ul>"


def _say(console, at_ticket, act="answer", **more):
    typed = {"act": act, "text": TYPED, "client_key": uuid4().hex, **more}
    assert console.post(at_ticket(act), typed).status_code == 302


def _pages(console, case, chitra):
    portal = Client()
    portal.force_login(give_sign_in(chitra), "django.contrib.auth.backends.ModelBackend")
    at_desk = f"/desk/{case.desk.key}/cases/{case}/"
    yield one_line(console.get(f"/console/tickets/{case}").content.decode())
    yield one_line(portal.get(at_desk).content.decode())


def test_an_answer_typed_as_markdown_is_shown_so_and_kept_as_it_was_typed(
    console, at_ticket, case, chitra, settings
):
    settings.DESKBOOK_UNDO = False
    _say(console, at_ticket, formatted="yes")

    assert all(SHOWN in page for page in _pages(console, case, chitra))
    assert Message.objects.get(kind="answer").text == TYPED


def test_what_was_not_said_to_be_markdown_is_plain(console, at_ticket, case, chitra, settings):
    settings.DESKBOOK_UNDO = False
    _say(console, at_ticket)
    take_in_message(case, Written(TYPED), channel="email", at=timezone.now(), by=chitra)

    for page in _pages(console, case, chitra):
        assert "<strong>both" not in page
        assert page.count("Take **both**") == 2


def test_a_note_may_be_markdown_too_and_one_without_any_stays_plain(console, at_ticket, case):
    _say(console, at_ticket, act="note", formatted="yes")
    _say(console, at_ticket, act="note", formatted="yes", text="Nothing of it.")

    assert list(Message.objects.filter(kind="note").values_list("formatted", flat=True)) == [
        True,
        False,
    ]
