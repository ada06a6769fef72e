"""In which language somebody is written to, and works, of whom nobody said one: the desk's usual
one.
"""

import re

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.parse import parse
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.channels.phone.callers import contact_by_name
from deskbook.jobs.letters import acknowledge, tell_number
from deskbook.jobs.sign_in import mail_security_notice
from deskbook.people.agents import invite_agent
from deskbook.people.contacts import find_or_make_contact, give_sign_in
from tests.people_factory import BOOKS, make_desk

pytestmark = pytest.mark.django_db
NEW = "dev@customer.example"


def desk_of(*languages):
    text = (BOOKS / "small.yaml").read_text()
    return make_desk(
        "small", re.sub(r"(?m)^name:", f"languages: [{', '.join(languages)}]\nname:", text, count=1)
    )


@pytest.fixture
def desk():
    return desk_of("pt", "en")


def signed_in(user, **headers):
    client = Client(headers={"accept-language": "pt", **headers})
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def lang(client, address):
    return re.search(r'<html lang="(\w+)"', client.get(address).content.decode()).group(1)


def test_somebody_new_who_mails_is_answered_in_the_language_the_desk_names_first(desk):
    raw = (
        f"From: {NEW}\nTo: it@harbour.example\nSubject: Printer\nMessage-ID: <1@c.example>\n\nIt"
        " does not print."
    )
    ticket = receive(ingest(raw.encode(), "it@harbour.example", envelope_from=NEW)).ticket
    acknowledge(ticket.log.get(kind="Opened").pk)
    tell_number(ticket.log.get(kind="Acknowledged").pk)
    assert "Recebemos" in parse(bytes(OutboundMail.objects.get(recipient=NEW).raw)).text


def test_so_is_who_rings_and_of_whom_a_name_alone_is_known(desk):
    known = [find_or_make_contact(desk, "phone", "+351912345678"), contact_by_name(desk, "Dev")]
    assert [contact.language for contact in known] == ["pt", "pt"]


def test_who_is_invited_works_in_the_language_of_the_desk(desk):
    asha = invite_agent(desk, "asha@harbour.example", name="Asha")
    assert lang(signed_in(asha.user, **{"accept-language": "en"}), "/console/") == "pt"


def test_a_language_the_console_does_not_speak_is_english_at_work():
    asha = invite_agent(desk_of("ml", "en"), "asha@harbour.example", name="Asha")
    assert lang(signed_in(asha.user), "/console/") == "en"


def test_english_that_was_chosen_counts_in_a_portuguese_browser(desk):
    asha = invite_agent(desk, "asha@harbour.example", name="Asha")
    signed_in(asha.user).post("/profile/", {"name": "Asha", "language": "en", "zone": ""})
    asha.user.refresh_from_db()
    later = signed_in(asha.user)
    assert (lang(later, "/profile/"), lang(later, "/console/")) == ("en", "en")


def test_who_chose_none_reads_in_their_browsers_and_sees_that_one_in_their_profile(desk):
    user = give_sign_in(find_or_make_contact(desk, "email", NEW))
    for code in ("pt", "en"):
        page = signed_in(user, **{"accept-language": code}).get("/profile/").content.decode()
        assert re.search(r'<option value="(\w+)" selected>', page).group(1) == code


def test_a_language_that_somebody_said_of_them_is_theirs(desk):
    user = give_sign_in(find_or_make_contact(desk, "email", NEW, language="en"))
    assert lang(signed_in(user), "/profile/") == "en"


def test_what_changed_about_an_account_is_told_in_the_language_its_owner_works_or_is_written_to_in(
    desk, mailoutbox
):
    asha = invite_agent(desk, "asha@harbour.example", name="Asha")
    dev = give_sign_in(find_or_make_contact(desk, "email", NEW))
    for user in (asha.user, dev):
        mail_security_notice(user.pk, "signed_out")
    with translation.override("pt"):
        assert [mail.subject for mail in mailoutbox] == [
            gettext("You were signed out everywhere.")
        ] * 2
    assert mailoutbox[0].subject != "You were signed out everywhere."
