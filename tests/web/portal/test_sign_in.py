"""Signing in by a mailed code; the front page; the profile."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.email.models import MailTrouble
from deskbook.jobs.sign_in import TryAgain, mail_code
from deskbook.people import mailed_codes
from deskbook.people.account_models import CodeAsked
from deskbook.people.contacts import find_or_make_contact
from deskbook.people.mailed_codes import GOOD_FOR
from deskbook.people.models import User
from deskbook.web.shared.opening_hours import hours_now
from tests.people_factory import BOOKS
from tests.web.portal.conftest import signed_in

CONFIRM = "/account/login/code/confirm/"


def asked(address, client=None, *, network="192.0.2.1"):
    """Ask for a code, and let the worker mail what is to be mailed."""
    client = client or Client(REMOTE_ADDR=network)
    page = client.post("/account/login/code/", {"email": address}, follow=True)
    mail_leaves()
    return client, page


def mail_leaves():
    for number in CodeAsked.objects.exclude(address="").values_list("pk", flat=True):
        mail_code(number)


def code():
    return re.search(r"^ {4}(\S+)$", mail.outbox[-1].body, re.MULTILINE)[1]


def typed(client, text):
    return client.post(CONFIRM, {"code": text})


def is_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(
    ("who", "home"), [("chitra", "/desk/sparkrock/cases/"), ("asha", "/console/")]
)
def test_a_mailed_code_signs_in_requesters_and_agents_and_leads_home(cast, who, home):
    client, page = asked(getattr(cast, who).user.email)
    assert page.redirect_chain[-1][0].startswith(CONFIRM)
    sent = typed(client, code())
    assert (sent.status_code, sent.url) == (302, "/")
    assert client.get("/").url == home


def test_the_mail_says_the_code_and_nothing_of_the_host_it_was_asked_from(cast):
    asked(cast.chitra.user.email, Client(headers={"host": "evil.example"}))
    assert "evil.example" not in mail.outbox[-1].body
    assert mail.outbox[-1].subject == f"Your code: {code()}"


def test_an_unknown_address_gets_the_same_page_no_mail_and_no_account(cast):
    people, (_, known), (_, unknown) = (
        User.objects.count(),
        asked(cast.chitra.user.email),
        asked("nobody@example.org"),
    )
    assert [m.to for m in mail.outbox] == [[cast.chitra.user.email]]
    assert User.objects.count() == people

    def words(page, address):
        return re.sub(r'value="[^"]*"', "", page.content.decode().replace(address, "…"))

    assert words(known, cast.chitra.user.email) == words(unknown, "nobody@example.org")


def test_a_known_and_an_unknown_address_cost_the_page_the_same_statements_and_no_mail_server(
    cast, settings
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    # Nobody listens: a page that asked would fail.
    settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "127.0.0.1",
        1,
    )

    def statements(address):
        with CaptureQueriesContext(connection) as asking:
            assert Client().post("/account/login/code/", {"email": address}).status_code == 302
        return [query["sql"].split()[0] for query in asking]

    statements("first@example.org")  # what a process reads once
    assert statements(cast.chitra.user.email) == statements("nobody@example.org")
    assert ProcrastinateJob.objects.filter(task_name="mail_code", queue_name="mail").count() == 3


@pytest.mark.parametrize("stops", [True, False])
def test_the_sign_in_page_says_that_no_mail_leaves_before_anybody_asks_until_a_code_left(
    cast, stops
):
    now = timezone.now()
    MailTrouble.objects.create(since_at=now, last_at=now, reason="refused", stops=stops)
    warned = "Codes cannot be mailed now"
    assert (warned in Client().get("/account/login/").content.decode()) == stops
    _client, page = asked(cast.chitra.user.email)
    assert (warned in page.content.decode()) == stops
    assert warned not in Client().get("/account/login/").content.decode()


def test_a_job_and_its_row_hold_no_code_and_after_the_mail_left_no_address(cast):
    asked(cast.chitra.user.email)
    row, job = CodeAsked.objects.get(), ProcrastinateJob.objects.get(task_name="mail_code")
    assert job.args == {"asked_id": row.pk}
    kept = " ".join(str(value) for value in vars(row).values())
    assert code() not in kept
    assert code().replace("-", "") not in kept
    assert row.address == ""


def test_somebody_a_mail_made_known_gets_their_user_when_they_ask(cast):
    contact = find_or_make_contact(
        cast.desk, "email", "follower@example.org", name="Follower", sign_in=False
    )
    assert contact.user is None
    client, _ = asked("Follower@Example.org")
    assert typed(client, code()).status_code == 302
    contact.refresh_from_db()
    assert (contact.user.email, contact.user.name) == ("follower@example.org", "Follower")


def test_a_wrong_code_is_told_beside_the_field_and_five_end_the_asking_only(cast):
    client, _ = asked(cast.chitra.user.email)
    page = typed(client, "WRONG")
    assert (page.status_code, 'id="code-error"' in page.content.decode()) == (422, True)
    for _ in range(4):
        typed(client, "WRONG")
    typed(client, code())
    assert not is_in(client)
    other, _ = asked(cast.chitra.user.email)
    typed(other, code())
    assert is_in(other)


def test_a_code_works_once_however_it_is_typed_and_not_in_a_browser_that_asked_for_another(cast):
    client, _ = asked(cast.chitra.user.email)
    stranger, _ = asked("nobody@example.org")
    typed(stranger, code())
    assert not is_in(stranger)
    again, _ = asked(cast.chitra.user.email)
    typed(client, code().lower().replace("-", " "))
    assert is_in(client)
    typed(again, code())
    assert not is_in(again)


def test_a_code_is_good_for_an_hour(cast):
    client, _ = asked(cast.chitra.user.email)
    with time_machine.travel(timezone.now() + GOOD_FOR + timedelta(seconds=1)):
        typed(client, code())
    assert not is_in(client)


def test_a_stranger_who_asks_without_end_sends_a_person_few_mails_and_does_not_keep_them_out(cast):
    for n in range(60):
        asked(cast.chitra.user.email, network=f"192.0.2.{n}")
    assert len(mail.outbox) == 6
    client, page = asked(cast.chitra.user.email, network="198.51.100.1")
    assert len(mail.outbox) == 6
    assert "The latest one that came is still good" in page.content.decode()
    for _ in range(30):  # nor do the wrong codes of others count for hers
        typed(asked(cast.chitra.user.email, network="192.0.2.9")[0], "WRONG")
    typed(client, code())
    assert is_in(client)
    asked(cast.chitra.user.email)
    assert len(mail.outbox) == 7  # she was there herself: counted anew


def test_at_any_hour_of_a_day_of_asking_there_is_a_code_that_can_be_typed(cast):
    now = timezone.now()
    for minutes in range(0, 24 * 60, 20):
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            asked(cast.chitra.user.email, network=f"192.0.2.{minutes % 200}")
            for row in CodeAsked.objects.exclude(code_hash="").order_by("-asked_at")[:1]:
                assert row.asked_at > timezone.now() - GOOD_FOR
    assert len(mail.outbox) <= 34


def test_an_unknown_address_is_counted_alike(cast):
    for _ in range(10):
        _, page = asked("nobody@example.org")
    assert "The latest one that came is still good" in page.content.decode()


def test_one_network_is_told_to_wait_and_what_was_typed_stays(cast):
    for n in range(340):
        Client(REMOTE_ADDR="192.0.2.1").post(
            "/account/login/code/", {"email": f"x{n % 10}@example.org"}
        )
    _, page = asked("x1@example.org", network="192.0.2.1")
    assert page.status_code == 429
    assert 'value="x1@example.org"' in page.content.decode()
    assert asked("x1@example.org", network="192.0.2.2")[1].status_code == 200
    # nobody else behind it is kept out by that, known to a desk or not
    assert asked("nobody@example.org", network="192.0.2.1")[1].status_code == 200
    client, _ = asked(cast.chitra.user.email, network="192.0.2.1")
    typed(client, code())
    assert is_in(client)


def test_addresses_without_end_from_one_network_are_too_many_too(cast, monkeypatch):
    monkeypatch.setattr(mailed_codes, "MOST_FIRST_ASKED", 3)
    said = [asked(f"x{n}@example.org")[1].status_code for n in range(4)]
    assert said == [200, 200, 200, 429]


def test_a_code_is_typed_with_its_address_where_none_was_asked_for(cast):
    asked(cast.chitra.user.email, network="198.51.100.1")
    client = Client()
    assert "was mailed to" in client.get(CONFIRM).content.decode()
    page = client.post(CONFIRM, {"email": cast.chitra.user.email, "code": "WRONG"})
    assert (page.status_code, f'value="{cast.chitra.user.email}"' in page.content.decode()) == (
        422,
        True,
    )
    unknown = client.post(CONFIRM, {"email": "nobody@example.org", "code": code()})
    known = page.content.decode().replace(cast.chitra.user.email, "nobody@example.org")
    assert bare(known) == bare(unknown.content.decode())
    assert client.post(CONFIRM, {"email": "at home", "code": code()}).status_code == 422
    for _ in range(60):  # nobody's wrong ones stand in its way
        Client().post(CONFIRM, {"email": cast.chitra.user.email, "code": "WRONG"})
    sent = client.post(
        CONFIRM, {"email": cast.chitra.user.email.upper(), "code": code(), "next": "/profile/"}
    )
    assert (is_in(client), sent.url, len(mail.outbox)) == (True, "/profile/", 1)
    other = Client()
    other.post(CONFIRM, {"email": cast.chitra.user.email, "code": code()})
    assert not is_in(other)


def bare(page):
    return re.sub(r'value="[^"]{40,}"', "", page)


def test_who_is_refused_a_code_is_led_to_where_one_is_typed(cast, monkeypatch):
    client, _ = asked("another@example.org")  # a session that asked for another address
    monkeypatch.setattr(mailed_codes, "MOST_FIRST_ASKED", 0)
    _, page = asked(cast.chitra.user.email, client)
    link = re.search(r'href="([^"]*code/confirm/[^"]*)"', page.content.decode())[1].replace(
        "&amp;", "&"
    )
    assert f'value="{cast.chitra.user.email}"' in client.get(link).content.decode()


def test_without_a_mail_server_everybody_is_told_and_the_code_leaves_when_it_is_back(
    cast, settings
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    client = Client()
    for address in ("nobody@example.org", cast.chitra.user.email):
        client.post("/account/login/code/", {"email": address})
        with pytest.raises(TryAgain):
            mail_code(CodeAsked.objects.latest("pk").pk)
        assert "card with a code" in client.get(CONFIRM).content.decode()
        assert "card with a code" in Client().get("/account/login/").content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail_leaves()
    assert "card with a code" not in client.get(CONFIRM).content.decode()
    typed(client, code())
    assert is_in(client)


def test_somebody_switched_off_gets_no_code(cast):
    User.objects.filter(pk=cast.chitra.user.pk).update(is_active=False)
    asked(cast.chitra.user.email)
    assert mail.outbox == []


def test_no_mail_address_is_asked_for_again_beside_its_field(cast):
    page = Client().post("/account/login/code/", {"email": "chitra at home"})
    assert (page.status_code, 'value="chitra at home"' in page.content.decode()) == (422, True)


def test_after_signing_in_one_lands_where_one_wanted_to_go_and_never_elsewhere(cast):
    client = Client()
    wanted = "/desk/sparkrock/cases/new/"
    page = client.get(wanted, follow=True).content.decode()
    assert f'name="next" value="{wanted}"' in page
    client.post("/account/login/code/", {"email": cast.chitra.user.email, "next": wanted})
    mail_leaves()
    sent = client.post(CONFIRM, {"code": code(), "next": wanted})
    assert sent.url == wanted


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:1"]
)
def test_nobody_is_led_to_another_site_by_signing_in(cast, elsewhere):
    client, _ = asked(cast.chitra.user.email)
    assert client.post(CONFIRM, {"code": code(), "next": elsewhere}).url == "/"
    assert signed_in(cast.chitra).get("/account/login/", {"next": elsewhere}).url == "/"


def test_signing_in_gives_the_session_another_key(cast):
    client, _ = asked(cast.chitra.user.email)
    before = client.session.session_key
    typed(client, code())
    assert client.session.session_key != before


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
def test_the_front_page_tells_strangers_whether_the_desk_is_open_and_where_to_write(
    cast, at, open_now, says
):
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
    assert (cast.chitra.name, cast.chitra.language, cast.chitra.zone) == (
        "Chitra R.",
        "ml",
        "Asia/Kolkata",
    )
    assert "(Asia/Kolkata)" in client.get(f"/desk/sparkrock/cases/{cast.case()}/").content.decode()


def test_a_wrong_zone_is_refused_beside_its_field_and_the_rest_stays_typed(cast):
    answer = signed_in(cast.chitra).post(
        "/profile/", {"name": "C.", "language": "en", "zone": "Mars/Olympus"}
    )
    page = answer.content.decode()
    assert (answer.status_code, 'id="f-zone-error"' in page, 'value="C."' in page) == (
        422,
        True,
        True,
    )
