"""Whose a session is, and when it ends: by the addresses a desk has of a person now."""

from datetime import timedelta

import psycopg
import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from deskbook.people.access import agents_of, contacts_of
from deskbook.people.account_models import CodeAsked
from deskbook.people.accounts import make_codes, use_code
from deskbook.people.contacts import (
    add_way,
    find_or_make_contact,
    give_sign_in,
    give_sign_ins,
    take_ways_away,
)
from deskbook.people.lists.columns import Given
from deskbook.people.lists.contacts import judge, write
from deskbook.people.mailed_codes import make_code
from deskbook.people.merging import merge_contacts, undo_merge
from deskbook.people.models import Agent, Contact, User
from deskbook.people.session_models import Session
from deskbook.people.sessions import SessionStore, end_sessions, sessions_of
from deskbook.tickets.models import Ticket
from tests.conftest import database_of_the_tests
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def desk():
    return make_desk("sparkrock")


@pytest.fixture
def chitra(desk):
    contact = make_contact(desk, "Chitra")
    give_sign_in(contact)
    return contact


def signed_in(user):
    client = Client()
    client.force_login(user, BACKEND)
    return client


def mail_of(contact):
    return contact.identities.get(channel="email")


def test_an_address_taken_off_a_contact_opens_nothing_any_more_and_its_sessions_end(chitra):
    client = signed_in(chitra.user)
    assert client.get("/desk/sparkrock/cases/").status_code == 200
    before = chitra.user
    take_ways_away(chitra, [mail_of(chitra).pk])
    assert client.get("/desk/sparkrock/cases/").status_code == 302
    assert not contacts_of(before).exists()
    assert Contact.objects.get(pk=chitra.pk).user is None
    assert not sessions_of(before, at=timezone.now()).exists()


def test_a_contact_whose_address_changes_is_the_person_of_the_new_one(chitra):
    before = chitra.user
    add_way(chitra, "email", "chitra@elsewhere.example")
    take_ways_away(
        chitra,
        [mail_of_before.pk for mail_of_before in chitra.identities.filter(identifier=before.email)],
    )
    chitra.refresh_from_db()
    assert chitra.user.email == "chitra@elsewhere.example"
    assert list(contacts_of(chitra.user)) == [chitra]
    assert not contacts_of(before).exists()


def test_an_address_that_moves_to_another_contact_takes_its_person_along(desk, chitra):
    dev, person = make_contact(desk, "Dev"), chitra.user
    take_ways_away(chitra, [mail_of(chitra).pk])
    add_way(dev, "email", person.email)
    assert list(contacts_of(person)) == [dev]


def test_a_row_deleted_past_every_verb_opens_nothing_either(chitra):
    mail_of(chitra).delete()
    assert signed_in(chitra.user).get("/desk/sparkrock/cases/").status_code == 404


def test_a_second_address_from_a_list_signs_in_to_the_same_cases(desk, chitra):
    asha = make_agent(desk)
    add_way(chitra, "phone", "+15550100")
    line = Given(1, {"name": "Chitra", "mail": "chitra@new.example", "phone": "+15550100"})
    write(desk, [next(iter(judge(desk, [line]))).record], at=MONDAY, by=asha)
    assert list(contacts_of(give_sign_ins("chitra@new.example"))) == [chitra]


def test_two_merged_contacts_sign_in_to_one_and_taken_apart_to_their_own(desk, chitra):
    dev = make_contact(desk, "Dev")
    give_sign_in(dev)
    merge = merge_contacts(dev, chitra, at=MONDAY, by=None)
    assert list(contacts_of(dev.user)) == list(contacts_of(chitra.user)) == [chitra]
    undo_merge(merge, at=MONDAY, by=None)
    assert list(contacts_of(dev.user)) == [dev]
    assert list(contacts_of(chitra.user)) == [chitra]


def test_an_account_does_not_come_back_with_a_contact_whose_address_went_meanwhile(desk, chitra):
    ghost = find_or_make_contact(desk, "phone", "+15550101")
    merge = merge_contacts(chitra, ghost, at=MONDAY, by=None)
    ghost.refresh_from_db()
    take_ways_away(ghost, [mail_of(ghost).pk])
    undo_merge(merge, at=MONDAY, by=None)
    chitra.refresh_from_db()
    ghost.refresh_from_db()
    assert (chitra.user, ghost.user) == (None, None)


def test_somebody_known_elsewhere_stays_signed_in_there(desk, chitra):
    other = make_desk("mukta")
    find_or_make_contact(other, "email", chitra.user.email)
    client = signed_in(chitra.user)
    take_ways_away(chitra, [mail_of(chitra).pk])
    assert client.get("/desk/sparkrock/cases/").status_code == 404
    assert client.get("/desk/mukta/cases/").status_code == 200


def test_an_agent_who_is_switched_off_is_out_at_the_next_click(desk):
    asha = make_agent(desk)
    client = signed_in(asha.user)
    assert client.get("/console/").status_code == 200
    asha.is_active = False
    asha.save()
    assert client.get("/console/").status_code == 404
    # Well past: to the database it is still when the test began, and a busy machine is slow.
    asha.is_active, asha.until = True, timezone.now() - timedelta(minutes=10)
    asha.save()
    assert client.get("/console/").status_code == 404


def test_an_account_that_is_switched_off_or_deleted_has_no_session(chitra):
    client = signed_in(chitra.user)
    User.objects.filter(pk=chitra.user.pk).update(is_active=False)
    assert client.get("/profile/").status_code == 302
    User.objects.filter(pk=chitra.user.pk).update(is_active=True)
    Contact.objects.update(user=None)
    chitra.user.delete()
    assert not Session.objects.exists()
    assert client.get("/profile/").status_code == 302


def test_sessions_end_all_but_one_and_a_page_under_way_does_not_bring_one_back(chitra):
    here, there = signed_in(chitra.user), signed_in(chitra.user)
    assert sessions_of(chitra.user, at=timezone.now()).count() == 2
    under_way = there.session
    assert under_way["_auth_user_id"]
    assert end_sessions(chitra.user, but=here.session.session_key) == 1
    under_way["x"] = 1
    with pytest.raises(UpdateError):
        under_way.save()
    assert here.get("/profile/").status_code == 200
    assert there.get("/profile/").status_code == 302


def test_that_a_session_is_in_use_is_written_every_ten_minutes_and_costs_no_statement(
    chitra, django_assert_num_queries
):
    client = signed_in(chitra.user)
    long_ago = timezone.now() - timedelta(hours=1)
    Session.objects.update(seen_at=long_ago)
    with django_assert_num_queries(1):
        client.session.load()
    seen = Session.objects.get().seen_at
    assert seen > long_ago
    client.session.load()
    assert Session.objects.get().seen_at == seen
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('django_session')")
        assert cursor.fetchone() == (None,)


# First sign-ins by a card


@pytest.fixture
def card(desk):
    asha = make_agent(desk)
    return asha, make_codes([asha], at=timezone.now())[asha.pk]


def used(code):
    client = Client()
    return client, client.post("/first/", {"code": code})


def test_a_card_signs_in_at_its_desk_and_at_no_other_that_knows_the_person_later(desk, card):
    asha, code = card
    client, answer = used(code)
    assert answer.status_code == 302
    other = make_desk("mukta")
    asha.user.agents.create(desk=other, role="owner")
    find_or_make_contact(make_desk("small"), "email", asha.user.email)
    assert client.get("/console/").status_code == 200
    assert "Mukta" not in client.get("/console/?desk=mukta").content.decode()
    assert client.get("/desk/small/cases/").status_code == 404
    fresh = User.objects.get(pk=asha.user.pk)
    assert agents_of(fresh).count() == 2


def test_who_came_by_a_card_is_nobodys_contact_before_a_mailed_code_came_back(desk):
    chitra = make_contact(desk, "Chitra")
    asha = Agent.objects.create(user=give_sign_in(chitra), desk=desk)
    client, _answer = used(make_codes([asha], at=timezone.now())[asha.pk])
    assert client.get("/console/").status_code == 200
    sent_on = client.get("/desk/sparkrock/cases/")
    assert sent_on.url.startswith("/account/security/prove/")
    answer = client.post(
        "/desk/sparkrock/cases/new/", {"subject": "As Chitra", "text": "As Chitra"}
    )
    assert answer.url.startswith("/account/security/prove/")
    assert not Ticket.objects.exists()
    client.post(sent_on.url, {"action": "mail"})
    asked = CodeAsked.objects.get()
    client.post(sent_on.url, {"code": make_code(asked, asha.user)})
    assert client.get("/desk/sparkrock/cases/").status_code == 200


@pytest.mark.parametrize(
    "meanwhile", ["another desk", "a contact elsewhere", "owner", "signed in", "superuser", "off"]
)
def test_what_was_looked_at_when_a_card_was_made_is_looked_at_again_when_it_is_used(
    card, meanwhile
):
    asha, code = card
    user = asha.user
    if meanwhile == "another desk":
        user.agents.create(desk=make_desk("mukta"))
    elif meanwhile == "a contact elsewhere":
        find_or_make_contact(make_desk("mukta"), "email", user.email, sign_in=False)
    elif meanwhile == "owner":
        asha.role = "owner"
    elif meanwhile == "signed in":
        user.last_login = MONDAY
    elif meanwhile == "superuser":
        user.is_superuser = True
    else:
        asha.is_active = False
    user.save()
    asha.save()
    assert use_code(code, at=timezone.now()) is None
    assert used(code)[1].status_code == 422


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_is_not_taken_for_a_session_that_ended(chitra):
    held = SessionStore(signed_in(chitra.user).session.session_key)
    held["where"] = "here"
    with psycopg.connect(database_of_the_tests(), autocommit=True) as other:
        own = connection.connection.info.backend_pid
        other.execute("select pg_terminate_backend(%s)", [own])
    with pytest.raises(OperationalError):
        held.save()
    connection.close()
    held["where"] = "there"
    held.save()
    assert SessionStore(held.session_key)["where"] == "there"
