"""An owner says what codes stand for, while complaints come in."""

import pytest
from django.http import QueryDict
from django.utils import timezone

from deskbook.channels.digit.doors import Told, make_door
from deskbook.channels.digit.mapping import WrongLine, read_sortings, read_statuses
from deskbook.channels.digit.web.doors import CodesForm
from deskbook.people.books import desk_in_force

pytestmark = pytest.mark.django_db


def test_a_code_that_comes_while_others_are_saved_is_read_of_afterwards(door, send):
    send(number=1, serviceCode="DeviceLost")
    door.refresh_from_db()
    typed = QueryDict(mutable=True)
    typed.update({"services": "DeviceLost =", "places": "", "statuses": "", "people": ""})
    form = CodesForm(door, desk_in_force(door.desk), typed)
    assert form.is_valid()
    send(number=2, serviceCode="NoPower")
    form.save()
    door.refresh_from_db()
    assert door.unsorted == ["NoPower"]
    assert door.services == {"DeviceLost": {}}


def test_names_of_the_book_are_read_however_they_are_spaced(salama):
    desk = desk_in_force(salama)
    read = read_sortings("Sync = Category:  Technical  query , TYPE: incident", desk)
    assert read == {"Sync": {"category": "technical query", "type": "incident"}}
    stage = "Waiting  for the Reporter = cancelled"
    assert read_statuses(stage, desk, "campaign") == {"waiting for the reporter": "CANCELLED"}


def test_a_code_that_stands_twice_is_said_and_neither_line_wins(salama):
    desk = desk_in_force(salama)
    with pytest.raises(WrongLine, match="“Sync = type: change”: Another line says"):
        read_sortings("Sync = type: incident\nSync = type: change", desk)
    with pytest.raises(WrongLine, match="Another line says"):
        read_statuses("resolved = RESOLVED\nResolved = REJECTED", desk, "campaign")


def test_doors_of_one_name_have_addresses_of_their_own_and_one_without_letters_too(omar):
    names = ("Field app", "Field app", "フィールド", "フィールド")
    told = [Told(name, "complaints module", "campaign", "mz") for name in names]
    keys = [make_door(omar, one, at=timezone.now())[0].key for one in told]
    assert keys == ["field-app", "field-app-2", "digit", "digit-2"]
