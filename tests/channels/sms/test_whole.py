"""What a text has no room for goes by a way that has; where there is none it is said, to whoever
reads it and to whoever wrote it.
"""

import pytest
from django.utils import timezone

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.sms.models import TextMessage
from deskbook.jobs.carriers import reached_at
from deskbook.jobs.deliveries import deliveries_on
from deskbook.jobs.letters import carry_answer
from deskbook.people.contacts import give_sign_in
from deskbook.people.models import ContactIdentity
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Ticket
from deskbook.web.console.shared.deliveries import fate_of
from tests.channels.sms.texting_desk import TEMPLATES, connect, texting_book
from tests.people_factory import make_desk

PDF = ("form.pdf", "application/pdf", b"%PDF-1.4")
LONG = "word " * 120


@pytest.fixture
def desk(db):
    """Its answers are registered nowhere, so that they have room for more than forty characters."""
    free = TEMPLATES.replace('id: "1107160000000000003", ', "")
    return make_desk("mukta", book_with(free))


def book_with(templates):
    return (
        texting_book().replace(TEMPLATES, templates).replace("  email:\n", "  email:\n  sms:\n", 1)
    )


@pytest.fixture
def answered(case, caller, asha, gateway):
    """Answer the caller, who texted last, and return the entry."""

    def answer(words, *files):
        written = Written(words, files=[File(*one) for one in files])
        entry = answer_ticket(case, written, at=timezone.now(), by=asha).entries[0]
        carry_answer(entry.pk)
        return entry

    return answer


def fate(entry):
    return fate_of(deliveries_on(entry.ticket_id, [entry.seq])[entry.seq])


def wrong(entry):
    return [words for words, _tone in fate(entry).wrong]


def text():
    return TextMessage.objects.get(purpose="answer").text


def reached_now(case):
    fresh = Ticket.objects.get(pk=case.pk)
    return reached_at(fresh, [fresh.requester], at=timezone.now())[0]


def mailed_to(caller):
    ContactIdentity.objects.create(
        contact=caller, desk=caller.desk, channel="email", identifier="c@jatni.example"
    )


def test_a_short_answer_is_texted_as_it_is(answered, case):
    entry = answered("Switch it on.")
    assert text() == f"{case}: Switch it on."
    assert wrong(entry) == []


def test_a_long_answer_says_that_it_was_cut_and_how_to_come_by_the_rest(answered):
    entry = answered(LONG)
    assert text().endswith("... (more: ask us)")
    assert len(text()) < 320
    assert wrong(entry) == ["cut: the rest does not go"]


def test_a_file_that_a_text_cannot_take_is_named_in_it(answered):
    entry = answered("Fill this in.", PDF)
    assert text().endswith("Fill this in. (with files: ask us)")
    assert wrong(entry) == ["without the files"]


def test_who_can_sign_in_is_told_where_the_rest_stands(answered, caller, case, settings):
    mailed_to(caller)
    give_sign_in(caller)
    caller.identities.filter(channel="email").delete()
    settings.DESKBOOK_SITE_URL = "https://desk.example.org"
    entry = answered(LONG, PDF)
    assert text().endswith(
        f"... (more, with files: https://desk.example.org/desk/mukta/cases/{case})"
    )
    assert wrong(entry) == ["cut: the rest does not go", "without the files"]


@pytest.mark.parametrize("given", [(LONG,), ("Fill this in.", PDF)])
def test_what_a_text_has_no_room_for_is_mailed_to_who_has_an_address(
    answered, caller, texted_last, given
):
    mailed_to(caller)
    answered("Short.")
    assert TextMessage.objects.filter(purpose="answer").count() == 1
    entry = answered(*given)
    assert TextMessage.objects.filter(purpose="answer").count() == 1
    assert OutboundMail.objects.get(purpose="answer").recipient == "c@jatni.example"
    assert wrong(entry) == []


@pytest.fixture
def texted_last(case, caller):
    """The caller's last words on the case came by text."""
    from deskbook.tickets.messages import store_message
    from deskbook.tickets.models import Message

    store_message(
        case.desk,
        case,
        Message.Kind.REQUEST,
        Written("And now?", sender="+919437012345"),
        channel="sms",
        at=timezone.now(),
        by=caller,
    )


def test_the_composer_says_beforehand_what_would_not_go(answered, case, caller, texted_last):
    reached = reached_now(case)
    assert (reached.kind, reached.bound, reached.instead) == ("sms", 300, None)
    mailed_to(caller)
    reached = reached_now(case)
    assert (reached.kind, reached.instead.address) == ("sms", "c@jatni.example")


def test_a_wording_without_the_words_is_no_answer_to_who_can_be_mailed(
    db, case, caller, texted_last
):
    """“There is an answer, call us” reaches who has nothing else."""
    from deskbook.people.books import apply_book

    words = TEMPLATES.replace("{ticket}: {text}", "{ticket} has an answer: call us.")
    apply_book("mukta", book_with(words), at=timezone.now(), by=None)
    connect(case.desk, "other", "http://127.0.0.1:1")
    assert reached_now(case).bound == 0
    mailed_to(caller)
    assert reached_now(case).kind == "email"
