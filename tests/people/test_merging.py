"""Two contacts that are one person: one history to read, two to take apart again."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.people.access import contact_at, may_write_on, visible_to_contact
from deskbook.people.changed_ways import OutsideTheDomains
from deskbook.people.contacts import (
    STATED,
    add_way,
    address_of,
    contact_by,
    find_or_make_contact,
    give_sign_in,
)
from deskbook.people.merge_models import ContactMerge
from deskbook.people.merging import (
    NotOnePerson,
    kept_of,
    merge_contacts,
    merges_of,
    perhaps_the_same,
    person,
    plain_address,
    same_person,
    undo_merge,
)
from deskbook.people.models import Contact, ContactIdentity, Organisation
from deskbook.people.seats import holders_at
from deskbook.tickets.followers import who_is_answered
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.participants import add_participant
from tests.people_factory import make_agent, make_contact, make_desk, make_organisation

NOW = timezone.now


@pytest.fixture
def desk(db):
    return make_desk("spark")


@pytest.fixture
def asha(desk):
    return make_agent(desk, "Asha")


@pytest.fixture
def by_mail(desk):
    return find_or_make_contact(desk, "email", "chitra@school.example", name="Chitra")


@pytest.fixture
def by_phone(desk):
    return find_or_make_contact(desk, "phone", "+914712579700", name="Chitra")


def case_of(contact, subject="HRA"):
    return open_ticket(
        contact, NewCase(subject, Written("Please look."), "email"), at=NOW(), by=contact
    ).ticket


def merged(source, into, by=None):
    merge = merge_contacts(source, into, at=NOW(), by=by)
    for contact in (source, into):
        contact.refresh_from_db()
    return merge


def snapshot():
    rows = Contact.objects.order_by("pk").values_list(
        "pk", "merged_into", "user", "name", "organisation"
    )
    return list(rows), list(
        ContactIdentity.objects.order_by("pk").values_list("pk", "contact", "identifier")
    )


def test_cases_of_both_are_the_persons_and_no_event_is_rewritten(desk, by_mail, by_phone, asha):
    first, second = case_of(by_phone), case_of(by_mail)
    before = list(LogEntry.objects.order_by("pk").values_list("data", "hash"))
    merged(by_phone, by_mail, asha)
    assert set(visible_to_contact(by_mail, Ticket.objects.all())) == {first, second}
    assert may_write_on(by_mail, first)
    first.refresh_from_db()
    assert first.requester == by_phone
    assert list(LogEntry.objects.order_by("pk").values_list("data", "hash")) == before


def test_the_number_finds_the_person_and_the_old_contact_has_their_address(by_mail, by_phone, desk):
    merged(by_phone, by_mail)
    assert contact_by(desk, "phone", "+914712579700") == by_mail
    assert address_of(by_phone) == "chitra@school.example"
    assert person(by_phone) == by_mail
    assert same_person(by_phone) == same_person(by_mail) == [by_mail.pk, by_phone.pk]


def test_undoing_a_merge_puts_everything_back_exactly(by_mail, by_phone, asha):
    case_of(by_phone)
    before = snapshot()
    merge = merged(by_phone, by_mail, asha)
    assert snapshot() != before
    undo_merge(merge, at=NOW(), by=asha)
    undo_merge(merge, at=NOW(), by=asha)
    assert snapshot() == before
    row = ContactMerge.objects.get()
    assert row.undone_by == asha


def test_what_came_after_the_merge_stays_with_the_person_it_came_to(desk, by_mail, by_phone):
    merge = merged(by_phone, by_mail)
    ContactIdentity.objects.create(
        contact=by_mail, desk=desk, channel="whatsapp", identifier="+914712579700"
    )
    undo_merge(merge, at=NOW(), by=None)
    assert list(by_mail.identities.values_list("channel", flat=True)) == ["email", "whatsapp"]
    assert list(by_phone.identities.values_list("channel", flat=True)) == ["phone"]


def test_a_chain_of_merges_comes_apart_in_any_order(desk, by_mail, by_phone):
    third = find_or_make_contact(desk, "pen", "512345", name="Chitra N")
    before = snapshot()
    first = merged(by_phone, by_mail)
    second = merged(by_mail, third)
    by_phone.refresh_from_db()
    assert by_phone.merged_into == third
    undo_merge(first, at=NOW(), by=None)
    by_phone.refresh_from_db()
    by_mail.refresh_from_db()
    assert (by_phone.merged_into, by_mail.merged_into) == (None, third)
    assert contact_by(desk, "phone", "+914712579700") == by_phone
    undo_merge(second, at=NOW(), by=None)
    assert snapshot() == before


def test_the_later_of_two_merges_taken_back_leaves_the_earlier_in_force(desk, by_mail, by_phone):
    third = find_or_make_contact(desk, "pen", "512345", name="Chitra N")
    merged(by_phone, by_mail)
    second = merged(by_mail, third)
    undo_merge(second, at=NOW(), by=None)
    by_phone.refresh_from_db()
    assert by_phone.merged_into == by_mail
    assert contact_by(desk, "phone", "+914712579700") == by_mail
    by_mail.refresh_from_db()
    assert [merge.source for merge in merges_of(by_mail)] == [by_phone]


def test_the_person_signs_in_by_either_account_to_the_same_cases(desk, by_mail, by_phone):
    other = find_or_make_contact(desk, "email", "chitra@home.example", name="Chitra")
    case = case_of(other)
    merged(other, by_mail)
    for user in (give_sign_in(by_mail), Contact.objects.get(pk=other.pk).user):
        assert contact_at(user, "spark") == by_mail
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        assert str(case) in client.get("/desk/spark/cases/").content.decode()


def test_what_the_desk_keeps_with_either_is_known_of_the_person_until_they_are_taken_apart(
    by_mail, by_phone, asha
):
    by_phone.attributes = {"Joined": "2019", "office": "Kollam", STATED: "c@home.example"}
    by_mail.attributes = {"office": "Punalur", "Joined": ""}
    for contact in (by_mail, by_phone):
        contact.save()
    merge = merged(by_phone, by_mail, asha)
    theirs = {"Joined": "2019", "office": "Punalur"}
    assert kept_of(by_mail) == kept_of(by_phone) == theirs
    undo_merge(merge, at=NOW(), by=asha)
    for contact in (by_mail, by_phone):
        contact.refresh_from_db()
    assert kept_of(by_mail) == {"office": "Punalur", "Joined": ""}


def test_who_follows_a_case_and_turns_out_to_be_its_requester_gets_one_letter_and_is_apart_again(
    desk, by_mail, by_phone, asha
):
    case = case_of(by_mail)
    add_participant(case, by_phone, at=NOW(), by=asha)
    merge = merged(by_phone, by_mail, asha)
    assert who_is_answered(case) == [by_mail]
    undo_merge(merge, at=NOW(), by=asha)
    case.requester.refresh_from_db()
    assert who_is_answered(Ticket.objects.get(pk=case.pk)) == [by_mail, by_phone]


def test_the_only_account_moves_and_comes_back(desk, by_mail, by_phone):
    user = by_mail.user
    merge = merged(by_mail, by_phone)
    assert (by_phone.user, by_mail.user) == (user, None)
    undo_merge(merge, at=NOW(), by=None)
    by_phone.refresh_from_db()
    by_mail.refresh_from_db()
    assert (by_phone.user, by_mail.user) == (None, user)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_account_that_moved_twice_comes_back_to_its_own_contact_alone(
    desk, by_mail, by_phone, order
):
    third = find_or_make_contact(desk, "pen", "512345", name="Chitra N", sign_in=False)
    user, before = by_mail.user, snapshot()
    merges = merged(by_mail, by_phone), merged(by_phone, third)
    for number in order:
        undo_merge(merges[number], at=NOW(), by=None)
    assert snapshot() == before
    assert list(Contact.objects.filter(user=user)) == [by_mail]


def test_the_desk_itself_does_not_merge_whom_a_person_took_apart(by_mail, by_phone, asha):
    undo_merge(merged(by_phone, by_mail), at=NOW(), by=asha)
    for contact in (by_phone, by_mail):
        contact.refresh_from_db()
    with pytest.raises(NotOnePerson, match="taken apart"):
        merge_contacts(by_phone, by_mail, at=NOW(), by=None)
    merge_contacts(by_phone, by_mail, at=NOW(), by=asha)


def test_two_named_contacts_who_are_one_hold_one_seat(desk, by_mail, by_phone):
    school = Organisation.objects.create(desk=desk, name="School")
    Contact.objects.update(organisation=school, named=True)
    merged(by_phone, by_mail)
    assert list(holders_at(school.pk)) == [by_mail]
    client = Client()
    client.force_login(
        make_agent(desk, "Bala", role="lead").user, "django.contrib.auth.backends.ModelBackend"
    )
    page = client.get("/console/people/organisations/").content.decode()
    row = page.split(f'/console/people/organisations/{school.pk}"')[1].split("</tr>")[0]
    assert re.findall(r">(\d+)<", row) == ["1", "1"]


def test_contacts_of_two_desks_are_never_one(by_mail):
    elsewhere = make_contact(make_desk("mukta"), "Chitra")
    with pytest.raises(NotOnePerson, match="two desks"):
        merge_contacts(elsewhere, by_mail, at=NOW(), by=None)


def test_a_contact_is_not_merged_twice_nor_with_itself(by_mail, by_phone):
    with pytest.raises(NotOnePerson, match="one contact"):
        merge_contacts(by_mail, by_mail, at=NOW(), by=None)
    merged(by_phone, by_mail)
    with pytest.raises(NotOnePerson, match="already"):
        merge_contacts(by_phone, by_mail, at=NOW(), by=None)


def test_who_may_be_the_same_is_proposed_by_name_and_by_another_spelling(desk, by_mail, by_phone):
    spelt = find_or_make_contact(desk, "email", "C.hitra+pay@school.example", name="C N")
    find_or_make_contact(desk, "email", "devi@school.example", name="Devi")
    assert set(perhaps_the_same(by_mail)) == {by_phone, spelt}


@pytest.mark.parametrize(
    "address", ["chi.tra@x.example", "CHITRA@x.example", "chitra+pay@x.example"]
)
def test_spellings_of_one_address_are_the_same(address):
    assert plain_address(address) == "chitra@x.example"


def test_an_agent_makes_nobody_of_outside_a_reader_of_an_organisations_cases_and_a_lead_may(
    desk, asha
):
    school = make_organisation(desk)
    school.domains = ["school.example"]
    school.save()
    made = find_or_make_contact(desk, "email", "anybody@school.example")
    private = find_or_make_contact(desk, "email", "asha@home.example")
    with pytest.raises(OutsideTheDomains) as refused:
        add_way(made, "email", "other@home.example", by=asha)
    assert "none of the domains of Northwind Schools" in refused.value.refusal.sentence
    add_way(made, "email", "second@school.example", by=asha)
    for by in (asha, None):
        with pytest.raises(NotOnePerson) as refused:
            merge_contacts(private, made, at=NOW(), by=by)
        assert "Ask a lead to merge them" in refused.value.refusal.sentence
    bala = make_agent(desk, "Bala", role="lead")
    add_way(made, "email", "other@home.example", by=bala)
    merge_contacts(private, made, at=NOW(), by=bala)
    assert contact_by(desk, "email", "asha@home.example") == made
