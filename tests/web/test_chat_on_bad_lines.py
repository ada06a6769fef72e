"""Twenty chats at once whose streams are cut again and again."""

import asyncio

import pytest
from django.conf import settings
from django.test import Client

from bench.chat import BOOK, stated
from bench.chat_people import Operator, Tally, Visitor, converse
from deskbook.channels.chat.models import ChatSession
from deskbook.people.models import Contact, ContactIdentity
from deskbook.tickets.models import Message
from tests.people_factory import make_agent, make_desk

pytestmark = pytest.mark.browser  # needs the running server, as browser tests do
CHATS, LINES = 20, 3


@pytest.fixture
def desk(live_desk):
    desk = make_desk("pay", BOOK)
    for n in range(CHATS):
        contact = Contact.objects.create(desk=desk, name=f"Employee Number{n}")
        for channel, identifier in (("pen", f"{500000 + n}"), ("phone", f"+9194470{n:05}")):
            ContactIdentity.objects.create(
                desk=desk, contact=contact, channel=channel, identifier=identifier
            )
    return desk


def cookie_of(agent):
    client = Client()
    client.force_login(agent.user, "django.contrib.auth.backends.ModelBackend")
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def test_nothing_is_lost_or_doubled_however_often_the_lines_are_cut(desk, live_desk):
    tally = Tally()
    visitors = [Visitor(live_desk, "pay", stated(n), LINES, 1.0, 1.0, tally) for n in range(CHATS)]
    operators = [
        Operator(live_desk, cookie_of(make_agent(desk, name)), 1.0, tally)
        for name in ("Asha", "Bala")
    ]
    lost = asyncio.run(converse(visitors, operators, tally))
    assert tally.reconnects > CHATS
    assert (lost, tally.doubled, tally.trouble) == ([], 0, [])
    texts = list(Message.objects.values_list("text", flat=True))
    assert len(texts) == len(set(texts)) == CHATS * (1 + 2 * LINES)
    assert ChatSession.objects.filter(state="open").count() == CHATS
