"""Signing in by a mailed code; the front page; the profile."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client

from deskbook.people.contacts import find_or_make_contact
from deskbook.people.models import User
from deskbook.web.portal.opening_hours import hours_now
from tests.people_factory import BOOKS
from tests.web.portal.conftest import signed_in


@pytest.fixture(autouse=True)
def fresh_limits(settings):
    cache.clear()


def asked(address, client=None):
    client = client or Client()
    return client, client.post("/account/login/code/", {"email": address}, follow=True)


def code():
    return re.search(r"^ {4}(\S+)$", mail.outbox[-1].body, re.MULTILINE)[1]


@pytest.mark.parametrize(("who", "home"), [("chitra", "/desk/sparkrock/cases/"), ("asha", "/console/")])
def test_a_mailed_code_signs_in_requesters_and_agents_and_leads_home(cast, who, home):
    client, page = asked(getattr(cast, who).user.email)
    assert page.redirect_chain[-1][0].startswith("/account/login/code/confirm/")
    sent = client.post("/account/login/code/confirm/", {"code": code()})
    assert (sent.status_code, sent.url) == (302, "/")
    assert client.get("/").url == home


def test_the_mail_says_the_code_and_nothing_of_the_host_it_was_asked_from(cast):
    asked(cast.chitra.user.email, Client(headers={"host": "evil.example"}))
    assert "evil.example" not in mail.outbox[-1].body
    assert mail.outbox[-1].subject == f"Your code: {code()}"


def test_an_unknown_address_gets_the_same_page_no_mail_and_no_account(cast):
    people, (_, known), (_, unknown) = User.objects.count(), asked(cast.chitra.user.email), asked("nobody@example.org")
    assert [m.to for m in mail.outbox] == [[cast.chitra.user.email]]
    assert User.objects.count() == people

    def words(page, address):
        return re.sub(r'value="[^"]*"', "", page.content.decode().replace(address, "…"))

    assert words(known, cast.chitra.user.email) == words(unknown, "nobody@example.org")


def test_somebody_a_mail_made_known_gets_their_user_when_they_ask(cast):
    contact = find_or_make_contact(cast.desk, "email", "follower@example.org", name="Follower", sign_in=False)
    assert contact.user is None
    client, _ = asked("Follower@Example.org")
    assert client.post("/account/login/code/confirm/", {"code": code()}).status_code == 302
    contact.refresh_from_db()
    assert (contact.user.email, contact.user.name) == ("follower@example.org", "Follower")


def test_a_wrong_code_is_told_beside_the_field_and_three_end_it(cast):
    client, _ = asked(cast.chitra.user.email)
    page = client.post("/account/login/code/confirm/", {"code": "WRONG"}).content.decode()
    assert 'id="code-error"' in page
    for _ in range(2):
        client.post("/account/login/code/confirm/", {"code": "WRONG"})
    client.post("/account/login/code/confirm/", {"code": code()})
    assert "_auth_user_id" not in client.session


def test_asking_again_and_again_is_refused(cast):
    for _ in range(30):
        asked(cast.chitra.user.email)
    assert len(mail.outbox) < 25


def test_after_signing_in_one_lands_where_one_wanted_to_go(cast):
    client = Client()
    wanted = "/desk/sparkrock/cases/new/"
    page = client.get(wanted, follow=True).content.decode()
    assert f'name="next" value="{wanted}"' in page
    client.post("/account/login/code/", {"email": cast.chitra.user.email, "next": wanted})
    sent = client.post("/account/login/code/confirm/", {"code": code(), "next": wanted})
    assert sent.url == wanted


@pytest.mark.parametrize("path", ["signup/", "email/", "password/change/", "password/reset/"])
def test_there_are_no_passwords_and_nobody_signs_up_or_adds_addresses(cast, path):
    assert signed_in(cast.chitra).get(f"/account/{path}").status_code == 404


def test_signing_out_needs_a_click_and_then_is_done(cast):
    client = signed_in(cast.chitra)
    client.get("/account/logout/")
    assert client.get("/profile/").status_code == 200
    client.post("/account/logout/")
    assert client.get("/profile/").status_code == 302


@pytest.mark.parametrize(
    ("at", "open_now", "says"),
    [
        (datetime(2026, 3, 2, 15, tzinfo=UTC), True, "Open until"),
        (datetime(2026, 3, 7, 15, tzinfo=UTC), False, "Mon 9 Mar, 08:00 EDT"),
    ],
)
def test_the_front_page_tells_strangers_whether_the_desk_is_open_and_where_to_write(cast, at, open_now, says):
    with time_machine.travel(at, tick=False):
        page = Client().get("/").content.decode()
    spark = page.split("Sparkrock Customer Support</h2>")[1].split("</section>")[0]
    assert ("Open now" in spark) is open_now
    assert says in spark
    assert "(America/Toronto)" in spark
    assert "mailto:support@sparkrock.example" in spark


def test_a_desk_that_never_closes_names_no_closing_time():
    from deskbook.book.load import load_book

    text = (BOOKS / "small.yaml").read_text().replace("mon-thu: 09:00-18:00", "daily: 00:00-24:00")
    text = text.replace(", fri: [09:00-13:00, 14:00-16:00], closed: closed days", "")
    hours = hours_now(load_book(text, name="always").desk, at=datetime(2026, 3, 2, 3, tzinfo=UTC))
    assert (hours.is_open, hours.changes_at) == (True, None)


def test_the_language_switch_holds_for_the_device_and_for_the_person(cast):
    client = signed_in(cast.chitra)
    assert client.post("/language/", {"language": "pt", "next": "/profile/"}).url == "/profile/"
    assert 'lang="pt"' in client.get("/profile/").content.decode()
    assert 'lang="pt"' in signed_in(cast.chitra).get("/profile/").content.decode()  # another device
    assert client.post("/language/", {"language": "xx", "next": "//evil.example/"}).url == "/"


def test_a_profile_changes_name_language_and_zone_of_the_person_and_what_the_desk_knows(cast):
    client = signed_in(cast.chitra)
    client.post("/profile/", {"name": "Chitra R.", "language": "ml", "zone": "Asia/Kolkata"})
    cast.chitra.refresh_from_db()
    assert (cast.chitra.name, cast.chitra.language, cast.chitra.zone) == ("Chitra R.", "ml", "Asia/Kolkata")
    assert "(Asia/Kolkata)" in client.get(f"/desk/sparkrock/cases/{cast.case()}/").content.decode()


def test_a_wrong_zone_is_refused_beside_its_field_and_the_rest_stays_typed(cast):
    answer = signed_in(cast.chitra).post("/profile/", {"name": "C.", "language": "en", "zone": "Mars/Olympus"})
    page = answer.content.decode()
    assert (answer.status_code, 'id="f-zone-error"' in page, 'value="C."' in page) == (422, True, True)
