"""One person's number in Brazil, Mexico and Argentina, in every way it is written."""

import pytest

from deskbook.channels.phone.callers import callers_like, people_at
from deskbook.channels.whatsapp.payload import Person
from deskbook.channels.whatsapp.senders import reached_by, sender_of
from deskbook.people.contacts import add_way, contact_by, find_or_make_contact
from deskbook.people.lists import contacts as lists
from deskbook.people.lists.columns import Given
from deskbook.people.lists.reading import phone_number
from deskbook.people.merging import perhaps_the_same
from deskbook.people.mobiles import mobiles_of
from deskbook.people.models import Contact, ContactIdentity
from deskbook.people.numbers import beginnings, comparable, dialled, number_of, spellings
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk

TWO_WAYS = [
    ("+525512345678", "+5215512345678"),
    ("+5491123456789", "+541123456789"),
    ("+5511987654321", "+551187654321"),
]
"""As it is dialled, and as WhatsApp or people at home write it."""


@pytest.mark.parametrize(("one", "other"), TWO_WAYS)
def test_both_ways_to_write_it_are_one_number(one, other):
    assert comparable(one) == comparable(other)
    assert set(spellings(one)) == set(spellings(other)) == {one, other}


@pytest.mark.parametrize(
    "number", ["+551133334444", "+5511933334444", "+351912345678", "+12125550123", "someone", "+52"]
)
def test_other_numbers_are_only_themselves(number):
    assert spellings(number) == (number,)


def test_a_landline_is_not_the_mobile_that_ends_alike():
    assert comparable("+551133334444") != comparable("+5511933334444")


@pytest.mark.parametrize(("one", "other"), TWO_WAYS)
def test_whatever_has_been_typed_of_it_begins_like_both(one, other):
    for typed in (one, other):
        for length in range(7, len(typed) + 1):
            begun = beginnings(typed[:length])
            assert all(any(form.startswith(start) for start in begun) for form in (one, other)), (
                typed[:length]
            )


def test_a_number_is_rung_and_texted_in_the_form_that_works():
    assert dialled("+5215512345678") == number_of("+52 1 55 1234 5678", None) == "+525512345678"
    assert dialled("+551187654321") == phone_number("(11) 8765-4321", "BR") == "+5511987654321"
    assert number_of("044 55 1234 5678", "MX") == "+525512345678"
    assert number_of("011 15-2345-6789", "AR") == "+5491123456789"


@pytest.mark.django_db
@pytest.mark.parametrize(("one", "other"), [*TWO_WAYS, *((b, a) for a, b in TWO_WAYS)])
class TestAtEveryDoor:
    """Somebody known by one spelling comes with the other."""

    @pytest.fixture
    def desk(self):
        return make_desk("salama")

    @pytest.fixture
    def known(self, desk, one):
        """As a row of before: stored as it came, whatever form that was."""
        contact = Contact.objects.create(desk=desk, name="Chitra")
        ContactIdentity.objects.create(contact=contact, desk=desk, channel="phone", identifier=one)
        return contact

    def test_a_call_and_a_text_find_them(self, desk, known, other):
        assert people_at(desk, other) == [known]
        assert contact_by(desk, "phone", other) == known
        assert find_or_make_contact(desk, "phone", other) == known

    def test_whatsapp_finds_them_and_answers_in_its_own_form(self, desk, known, other):
        assert sender_of(desk, Person(other, "", "Chitra"), at=MONDAY) == known
        assert reached_by(known).number == other
        assert len(mobiles_of(known)) == 1

    def test_a_list_knows_them(self, desk, known, other):
        given = Given(2, {"name": "Chitra", "phone": other})
        [judged] = lists.judge(desk, [given])
        assert judged.record.id == known.pk
        assert judged.record.identities == ()

    def test_a_search_finds_them_from_the_beginning_on(self, desk, known, other):
        agent = make_agent(desk)
        for length in (8, 10, len(other)):
            assert [found.contact for found in callers_like(agent, other[:length])] == [known]

    def test_a_second_contact_with_the_other_spelling_is_proposed_as_the_same(
        self, desk, known, other
    ):
        second = make_contact(desk, "Nair")
        add_way(second, "whatsapp", other)
        assert perhaps_the_same(second) == [known]
