"""Nothing leaves a demo, whatever address somebody types in."""

import socket

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.channels.email.deliver import deliver
from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.notices import Notice, queue_notice
from deskbook.channels.sms.models import SmsGateway
from deskbook.channels.sms.presets import PRESETS
from deskbook.channels.sms.send import send_text
from deskbook.channels.sms.writing import NewText, queue_text
from deskbook.demo.models import KeptMail
from deskbook.people.outward import outward_client
from tests.channels.sms.texting_desk import connect, texting_desk
from tests.people_factory import make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def listening():
    """A server of this machine that somebody might call."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


def called(server):
    try:
        server.accept()
    except TimeoutError:
        return False
    return True


def test_a_call_to_an_address_that_somebody_typed_is_answered_and_made_to_nobody(demo, listening):
    with outward_client() as client:
        assert client.get(f"http://127.0.0.1:{listening.getsockname()[1]}/send").status_code == 200
    assert not called(listening)


def test_a_letter_of_a_desk_is_taken_by_nobody_and_shown_in_the_mailbox(demo, listening, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = listening.getsockname()
    notice = Notice("gap 1", "asha@x.example", "Gap", "Nobody is on.")
    row = queue_notice(make_desk("sparkrock"), notice, at=timezone.now())
    assert deliver(row.pk).state == "sent"
    assert not called(listening)
    assert "Gap" in Client().get("/demo/mailbox/").content.decode()
    assert (OutboundMail.objects.count(), KeptMail.objects.count()) == (1, 0)


@pytest.mark.parametrize("preset", [*PRESETS])
def test_the_gateway_of_a_demo_says_yes_in_the_words_of_every_preset(demo, preset):
    desk = texting_desk()
    connect(desk, preset)
    assert SmsGateway.objects.get().preset == preset
    wanted = NewText("a", "+919437012345", "acknowledgement", {"ticket": "MUK-7"})
    text = send_text(queue_text(desk, wanted, at=timezone.now()).pk)
    assert (text.state, text.reason) == ("sent", "")


@pytest.mark.parametrize("page", ["/account/login/code/", "/"])
def test_a_desk_does_not_say_at_its_door_that_it_is_a_demo(client, page):
    assert "This is a demo" not in client.get(page, follow=True).content.decode()


@pytest.mark.parametrize("page", ["/account/login/code/", "/"])
def test_a_demo_says_so_at_its_door(client, demo, page):
    said = client.get(page, follow=True).content.decode()
    assert "This is a demo: choose who to be" in said
