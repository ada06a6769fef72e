"""A form says what can be chosen, and takes nothing else where no verb would refuse it."""

import pytest
from django.http import QueryDict

from deskbook.channels.app.web.systems import SystemForm
from deskbook.channels.digit.web.doors import DoorForm
from deskbook.people.books import desk_in_force
from tests.people_factory import make_desk

DOOR = "name=Field+app&flavour=campaign&tenant=mz&channel="
SYSTEM = "name=Login+page&address=&channel="
REFUSED = {"channel": ["Choose one of the answers."]}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("form", "typed", "known"),
    [(DoorForm, DOOR, "complaints module"), (SystemForm, SYSTEM, "app")],
)
def test_what_is_connected_comes_by_a_channel_that_the_book_offers(form, typed, known):
    desk = desk_in_force(make_desk("salama"))
    assert form(desk, QueryDict(typed + known)).errors == {}
    for unknown in ("", "WhatsApp", "nothing"):
        assert form(desk, QueryDict(typed + unknown)).errors == REFUSED
    assert form(desk).errors == {}
