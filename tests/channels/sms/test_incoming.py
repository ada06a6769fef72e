"""What people text: kept whole, on the case it means, and an end of texts where they ask for it."""

from dataclasses import replace
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.channels.contract import Outgoing
from deskbook.channels.sms.media import TRIED_FOR, fetch_media
from deskbook.channels.sms.models import IncomingText, TextMessage
from deskbook.channels.sms.send import send_text
from deskbook.channels.sms.writing import NewText, queue_text
from deskbook.delivery.outbox import TryAgain
from deskbook.jobs.carriers import send
from deskbook.people.contacts import find_or_make_contact
from deskbook.people.mobiles import NoText
from deskbook.people.models import Contact, ContactIdentity
from deskbook.people.refusals import in_words
from deskbook.people.stopped import is_stopped
from deskbook.tickets.conversation import acknowledge_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Message, Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from tests.channels.sms.conftest import MOBILE
from tests.channels.sms.texting_desk import with_wording

HOOK = "/hooks/sms/mukta/token-of-mukta/"


@pytest.fixture
def texted(gateway):
    """Post a text to the desk as its gateway does; the row that was kept."""
    count = iter(range(1, 1_000))

    def post(words, number=MOBILE, **more):
        fields = {"id": f"in-{next(count)}", "from": number, "text": words, **more}
        answer = Client().post(HOOK, fields)
        assert answer.status_code == 200, answer.content
        return IncomingText.objects.get(provider_id=fields["id"])

    return post


def test_a_long_text_is_kept_to_its_end(texted):
    row = texted("palavra " * 400 + "fim")
    assert Message.objects.get(ticket=row.ticket).text.endswith("fim")


@pytest.mark.parametrize("words", ["See the broken meter", ""])
def test_a_picture_that_comes_with_a_text_is_on_its_message(texted, stub, words):
    stub.headers, stub.answers = {"Content-Type": "image/png"}, lambda number: f"png {number}"
    row = texted(words, NumMedia="1", MediaUrl0=f"{stub.address}/Media/ME1")
    fetch_media(row.pk)
    fetch_media(row.pk)
    (file,) = Message.objects.get(ticket=row.ticket).attachments.all()
    assert (file.name, bytes(file.blob.data)) == ("mms-1.png", b"png 1")
    assert stub.requests[0]["headers"]["Authorization"] == "Bearer s3cret"
    assert not Message.objects.get(ticket=row.ticket).mended


def test_a_picture_the_gateway_has_no_time_for_is_asked_for_again(texted, stub):
    row = texted("See", MediaUrl0=f"{stub.address}/Media/ME1")
    stub.status = 503
    with pytest.raises(TryAgain):
        fetch_media(row.pk)
    assert not Message.objects.get(ticket=row.ticket).mended
    fetch_media(row.pk, at=row.came_at + TRIED_FOR)
    assert Message.objects.get(ticket=row.ticket).mended


@pytest.mark.parametrize("words", ["See the broken meter", ""])
@pytest.mark.parametrize("where", ["https://elsewhere.example.org", "http://127.0.0.1:1", "ü:"])
def test_a_picture_that_cannot_be_had_is_said(texted, stub, words, where):
    row = texted(words, NumMedia="1", MediaUrl0=f"{where}/Media/ME1")
    fetch_media(row.pk)
    assert stub.requests == []
    message = Message.objects.get(ticket=row.ticket)
    assert message.text == (words or "(a picture, without words)")
    assert in_words(message.mended[0]).startswith("1 pictures or files came with this text")
    assert row.media == [f"{where}/Media/ME1"]


@pytest.fixture
def anothers(desk, asha):
    """The case of Jorge, who called from the number that is known as Chitra's."""
    jorge = find_or_make_contact(desk, "pen", "1234", name="Jorge", sign_in=False)
    said = Written("I call from my wife's telephone.", sender=MOBILE)
    case = NewCase("No light", said, "phone")
    return open_ticket(jorge, case, at=timezone.now(), by=asha).ticket


def test_a_text_that_names_the_case_of_another_of_its_number_is_on_that_case(
    texted, case, anothers
):
    row = texted(f"{anothers}: Jorge here, it is light again")
    assert row.ticket == anothers
    message = Message.objects.filter(ticket=anothers).latest("pk")
    assert (message.author_contact.name, message.outsider) == ("Jorge", False)
    assert in_words(message.mended[0]) == "It came from a number that is known as Chitra's."


def test_a_text_that_names_a_case_of_strangers_says_so_where_it_went(texted, case, desk, asha):
    rita = find_or_make_contact(desk, "phone", "+919437099999", name="Rita", sign_in=False)
    hers = open_ticket(
        rita, NewCase("Hers", Written("Hers"), "phone"), at=timezone.now(), by=asha
    ).ticket
    row = texted(f"{hers} when?")
    assert row.ticket != hers
    message = Message.objects.filter(ticket=row.ticket).latest("pk")
    assert in_words(message.mended[0]).startswith(f"It names {hers}, in which nobody")


@pytest.mark.parametrize("word", ["STOP", "stop.", "Parar", "CANCEL", "बंद"])
def test_who_asks_not_to_be_texted_opens_no_case_and_is_not_texted(texted, desk, word):
    row = texted(word, number="+919437055555")
    assert (row.state, row.ticket) == ("ignored", None)
    assert not Ticket.objects.exists()
    with pytest.raises(NoText, match="asked not to be texted"):
        queue_text(
            desk,
            NewText("k", "+919437055555", "acknowledgement", values={"ticket": "MUK-1"}),
            at=timezone.now(),
        )


def test_what_was_queued_for_who_asks_not_to_be_texted_does_not_leave(texted, desk, stub):
    values = {"ticket": "MUK-1"}
    queued = queue_text(
        desk, NewText("k", MOBILE, "acknowledgement", values=values), at=timezone.now()
    )
    texted("STOP")
    sent = send_text(queued.pk, at=timezone.now())
    assert (sent.state, in_words(sent.reason)) == ("failed", "They asked not to be texted.")
    assert stub.requests == []


def test_another_way_is_taken_for_who_asked_not_to_be_texted(texted, case, caller):
    entry = acknowledge_ticket(case, "phone", at=timezone.now()).entries[-1]
    texted("STOP")
    told = Outgoing(entry, case, caller, "reminder", "We wait.")
    assert send(told, at=timezone.now()) is None
    ContactIdentity.objects.create(
        contact=caller, desk=case.desk, channel="email", identifier="chitra@jatni.example"
    )
    again = replace(told, contact=Contact.objects.get(pk=caller.pk))
    assert send(again, at=timezone.now()) == "email"
    assert not TextMessage.objects.exists()


def test_an_end_is_confirmed_once_in_the_words_of_the_book_and_then_there_is_silence(
    texted, desk, stub
):
    words = "Mukta sends no more texts to {number}. START begins them again."
    wording = f'{{ for: end of texts, by: sms, language: en, id: "1107", text: "{words}" }}'
    with_wording(desk, wording)
    for _again in range(2):
        texted("STOP")
    [confirmed] = TextMessage.objects.all()
    assert confirmed.text == words.format(number=MOBILE)
    assert send_text(confirmed.pk, at=timezone.now()).state == "sent"
    assert len(stub.requests) == 1
    for _more in range(4):
        texted("START")
        texted("STOP")
    assert TextMessage.objects.count() == 3


def test_no_end_is_confirmed_where_the_book_has_no_words_for_it(texted):
    assert texted("STOP").state == "ignored"
    assert not TextMessage.objects.exists()


@pytest.mark.parametrize("has_mail", [False, True])
def test_above_the_answer_box_stands_who_ended_texts_when_and_where_an_answer_goes(
    texted, case, caller, asha, client, has_mail
):
    if has_mail:
        ContactIdentity.objects.create(
            contact=caller, desk=case.desk, channel="email", identifier="chitra@jatni.example"
        )
    client.force_login(asha.user)
    assert "asked for nothing more" not in client.get(f"/console/tickets/{case}").content.decode()
    texted("Stop.")
    page = unescape(client.get(f"/console/tickets/{case}").content.decode())
    assert f"Chitra asked for nothing more by SMS at {MOBILE} (“Stop.”, " in page
    instead = "this goes to Chitra <chitra@jatni.example>." if has_mail else "call them, or write"
    assert instead in page


def test_who_asks_to_be_texted_again_is(texted, desk):
    texted("STOP")
    assert is_stopped(desk, MOBILE)
    assert texted("Start").state == "ignored"
    assert not is_stopped(desk, MOBILE)
    assert texted("START").ticket  # from who was not stopped it is a word like any other


def test_a_sentence_with_the_word_is_no_wish(texted, desk):
    assert texted("Please stop the water in our street").ticket
    assert not is_stopped(desk, MOBILE)


def test_the_card_of_a_contact_says_that_they_asked_not_to_be_texted(texted, caller, asha, client):
    texted("STOP")
    client.force_login(asha.user)
    page = client.get(f"/console/contacts/{caller.pk}").content.decode()
    assert "wants no SMS" in page
