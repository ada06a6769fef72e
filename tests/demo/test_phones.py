"""The phones of a demo."""

import pytest
from django.utils import timezone

from deskbook.channels.sms.models import TextMessage
from deskbook.channels.sms.send import send_text
from deskbook.channels.sms.writing import NewText, queue_text
from deskbook.tickets.models import Ticket
from tests.channels.sms.texting_desk import connect, texting_desk

PHONE = "/demo/texts/919437012345/"


@pytest.fixture
def text(db, demo):
    desk = texting_desk()
    connect(desk, "exotel")
    wanted = NewText("a", "+919437012345", "acknowledgement", {"ticket": "MUK-7"})
    return send_text(queue_text(desk, wanted, at=timezone.now()).pk)


def test_a_text_of_a_demo_stays_and_is_reported_on(client, text):
    assert text.state == "sent"
    assert "MUK-7" in client.get("/demo/texts/").content.decode()
    assert "It arrived" in client.get(PHONE).content.decode()
    client.post(f"{PHONE}{text.pk}/report/", {"status": "delivered"})
    assert TextMessage.objects.get().state == "delivered"


def test_its_reader_answers(client, text):
    client.post(f"{PHONE}answer/", {"desk": "mukta", "text": "Thank you"})
    assert Ticket.objects.get().subject == "Thank you"
    assert client.post("/demo/texts/1/answer/", {"desk": "mukta", "text": "x"}).status_code == 404


def test_without_a_demo_there_are_no_phones(client, text, settings):
    settings.ROOT_URLCONF = "deskbook.config.urls"
    assert client.get("/demo/texts/").status_code == 404
    assert client.get(PHONE).status_code == 404
    assert client.post(f"{PHONE}{text.pk}/report/", {"status": "delivered"}).status_code == 404
    assert client.post(f"{PHONE}answer/", {"desk": "mukta", "text": "x"}).status_code == 404
