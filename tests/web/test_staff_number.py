"""What people are known by is called as the desk's own book calls it."""

import pytest
from django.test import Client

from deskbook.people.models import ContactIdentity
from tests.people_factory import make_agent, make_contact, make_desk


def pages(contact):
    desk = contact.desk
    client = Client()
    client.force_login(make_agent(desk, "Asha").user, "django.contrib.auth.backends.ModelBackend")
    addresses = ("contacts/", "calls/new", f"contacts/{contact.pk}")
    return [client.get(f"/console/{address}").content.decode() for address in addresses]


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["salama", "mukta", "sparkrock"])
def test_nobody_is_asked_for_a_pen_where_the_directory_has_none(key):
    desk = make_desk(key)
    shown = pages(make_contact(desk))
    assert "PEN" not in "".join(shown)
    assert "Name, number, office" in shown[0]


@pytest.mark.django_db
def test_a_desk_that_tells_its_people_apart_by_a_pen_says_so():
    desk = make_desk("spark")
    contacts, call, card = pages(make_contact(desk))
    assert "PEN, name, number, office" in contacts
    assert "PEN, name, number, office" in call
    assert '<option value="pen">PEN</option>' in card


@pytest.mark.django_db
def test_a_number_from_before_the_book_changed_has_a_name_of_no_book():
    desk = make_desk("salama")
    contact = make_contact(desk)
    ContactIdentity.objects.create(contact=contact, desk=desk, channel="pen", identifier="482913")
    card = pages(contact)[2]
    assert "Staff number" in card
    assert "482913" in card
