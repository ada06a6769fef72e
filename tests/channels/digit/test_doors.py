"""An owner says what codes stand for, while complaints come in."""

import pytest
from django.http import QueryDict

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
