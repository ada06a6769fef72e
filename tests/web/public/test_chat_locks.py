"""Strangers who try a person's number lock nobody out of the chat where that person was before."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from deskbook.channels.chat import tries
from deskbook.channels.chat.models import ChatTry
from deskbook.people.models import ContactIdentity
from tests.channels.chat.desk import BOOK, RIGHT
from tests.people_factory import make_contact, make_desk

HOME, ELSEWHERE = "192.0.2.1", "198.51.100.9"
pytestmark = pytest.mark.usefixtures("chitra")


@pytest.fixture
def chitra(db):
    contact = make_contact(make_desk("pay", BOOK), "Chitra")
    contact.name = "Chitra K. Raman"
    contact.save()
    for channel, identifier in (("pen", "512345"), ("phone", "+919447000001")):
        ContactIdentity.objects.create(
            contact=contact, desk=contact.desk, channel=channel, identifier=identifier
        )


def enters(address, number=0, **changed):
    given = {**RIGHT, "text": "My DA arrears are missing.", "secret": f"{number:064x}", **changed}
    headers = {"accept": "application/json", "user-agent": f"Browser {number}"}
    return Client().post("/chat/pay/", given, headers=headers, REMOTE_ADDR=address).status_code


def strangers_try_everywhere():
    """Until the person is locked from everywhere: two wrong tries from each of many addresses."""
    for number in range(tries.ALLOWED_A_PERSON):
        assert enters(f"203.0.113.{number // 2}", 100 + number, **{"asked.name": "Mallory"}) == 422


def test_who_was_right_from_an_address_comes_in_there_whatever_strangers_try():
    assert enters(HOME) == 200
    strangers_try_everywhere()
    assert enters(HOME, 1) == 200
    assert enters(ELSEWHERE, 2) == 429  # a place they never were at: as before


def test_where_they_were_right_three_wrong_tries_lock_as_anywhere():
    assert enters(HOME) == 200
    for _number in range(tries.ALLOWED):
        assert enters(HOME, 100, **{"asked.name": "Mallory"}) == 422
    assert enters(HOME, 9) == 429


def test_for_ninety_days_after_somebody_was_last_right_that_is_remembered():
    assert enters(HOME) == 200
    now = timezone.now()
    tries.forget_tries(at=now + tries.REMEMBERED - timedelta(hours=1))
    assert set(ChatTry.objects.values_list("was_right", flat=True)) == {True}
    with time_machine.travel(now + timedelta(days=80)):
        strangers_try_everywhere()
        assert enters(HOME, 1) == 200
    tries.forget_tries(at=now + timedelta(days=80) + tries.REMEMBERED + timedelta(hours=1))
    assert not ChatTry.objects.exists()
