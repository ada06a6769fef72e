"""Two people who were taken for one: what came meanwhile by an address that goes home goes home
with it.
"""

import re

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.jobs.letters import carry_answer
from deskbook.people.access import takes_part
from deskbook.people.contacts import find_or_make_contact
from deskbook.people.merging import merge_contacts
from deskbook.people.models import ContactIdentity
from deskbook.tickets.conversation import answer_ticket, note_on_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.relations import merge_ticket
from deskbook.tickets.verify import broken_links
from deskbook.web.console.ticket.timeline import SHOWN
from deskbook.web.shared.reading import readable
from tests.people_factory import make_agent

WORK, HOME, ROB = (f"{name}@customer.example" for name in ("olga", "olga.at.home", "rob"))
DESK = "it@harbour.example"
pytestmark = pytest.mark.django_db


@pytest.fixture
def asha(desk):
    return make_agent(desk, role="lead")


@pytest.fixture
def olga(desk):
    return find_or_make_contact(desk, "email", WORK, name="Olga")


@pytest.fixture
def namesake(desk):
    return find_or_make_contact(desk, "email", HOME, name="Olga Privat")


def mailed(number, sender, text, *, answers=None, cc=""):
    head = f"From: {sender}\nTo: {DESK}\n{f'Cc: {cc}' if cc else 'X-None: x'}\nSubject: Printer\n"
    thread = f"In-Reply-To: <{answers}@customer.example>\n" if answers else ""
    raw = f"{head}{thread}Message-ID: <{number}@customer.example>\n\n{text}"
    return receive(ingest(raw.encode(), DESK, envelope_from=sender)).ticket


def as_one(namesake, olga, asha):
    return merge_contacts(namesake, olga, at=timezone.now(), by=asha)


def console_of(asha):
    client = Client()
    client.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    return client


def taken_apart(merge, asha):
    """By the button on the contact's page, as a lead presses it."""
    assert console_of(asha).post(f"/console/merges/{merge.pk}/undoing").status_code == 302
    assert not list(broken_links(Ticket.objects.all()))


def read_by(contact, ticket):
    return list(readable(ticket, contact).order_by("pk").values_list("text", flat=True))


def answered(ticket, asha):
    ticket.refresh_from_db()
    entry = answer_ticket(ticket, Written("Done."), at=ticket.last_activity_at, by=asha).entries[0]
    carry_answer(entry.pk)
    return set(OutboundMail.objects.filter(entry=entry).values_list("recipient", flat=True))


def test_a_case_that_came_by_the_second_address_goes_home_with_it(olga, namesake, asha):
    merge = as_one(namesake, olga, asha)
    case = mailed(1, HOME, "It is about my home.")
    taken_apart(merge, asha)
    case.refresh_from_db()
    assert case.requester == namesake
    assert (takes_part(olga, case), read_by(namesake, case)) == (False, ["It is about my home."])
    assert answered(case, asha) == {HOME}
    assert mailed(2, HOME, "Thank you.", answers=1) == case
    assert read_by(namesake, case)[-1] == "Thank you."


def test_who_wrote_on_that_case_from_their_own_address_goes_on_following_it(olga, namesake, asha):
    merge = as_one(namesake, olga, asha)
    case = mailed(1, HOME, "It is about my home.")
    mailed(2, WORK, "I too.", answers=1)
    taken_apart(merge, asha)
    case.refresh_from_db()
    assert (case.requester, takes_part(olga, case)) == (namesake, True)
    assert case.messages.get(text="I too.").author_contact == olga


def test_their_words_on_a_case_of_the_other_are_read_by_the_desk_alone_and_whom_they_copied_in_leaves(
    olga, namesake, asha
):
    case = mailed(1, WORK, "It does not print.")
    merge = as_one(namesake, olga, asha)
    mailed(2, HOME, "From home.", answers=1, cc=ROB)
    taken_apart(merge, asha)
    said = case.messages.get(text="From home.")
    assert (said.author_contact, said.outsider) == (namesake, True)
    assert read_by(olga, case) == ["It does not print."]
    assert answered(case, asha) == {WORK}
    told = case.log.get(kind="PersonParted").data
    rob = ContactIdentity.objects.get(identifier=ROB).contact
    assert told == {"contact": str(namesake.pk), "leaving": [str(rob.pk)]}


def test_let_in_after_that_they_stand_once_on_the_timeline_as_anybodys(olga, namesake, asha):
    case = mailed(1, WORK, "It does not print.")
    merge = as_one(namesake, olga, asha)
    mailed(2, HOME, "From home.", answers=1)
    taken_apart(merge, asha)
    console = console_of(asha)
    console.post(
        f"/console/tickets/{case}/participants", {"contact": namesake.pk, "client_key": "k"}
    )
    assert read_by(olga, case) == ["It does not print.", "From home."]
    newest = console.get(f"/console/tickets/{case}").content.decode()
    assert newest.count("From home.") == 1
    for _note in range(SHOWN - 2):
        note_on_ticket(case, Written("Noted."), at=timezone.now(), by=asha)
    pages = [console.get(f"/console/tickets/{case}").content.decode()]
    while earlier := re.search(r'href="\?before=([0-9.]+)"', pages[-1]):
        pages.append(console.get(f"/console/tickets/{case}?before={earlier[1]}").content.decode())
    assert len(pages) == 2 and "".join(pages).count("From home.") == 1


def test_so_are_the_words_of_the_one_who_stays_on_a_case_of_the_one_who_goes(olga, namesake, asha):
    case = mailed(1, HOME, "It does not print.")
    merge = as_one(namesake, olga, asha)
    mailed(2, WORK, "From work.", answers=1)
    taken_apart(merge, asha)
    case.refresh_from_db()
    assert (case.requester, read_by(namesake, case)) == (namesake, ["It does not print."])
    assert case.messages.get(text="From work.").outsider


def test_two_cases_of_theirs_that_were_merged_meanwhile_are_two_again(olga, namesake, asha):
    kept = mailed(1, WORK, "It does not print.")
    merge = as_one(namesake, olga, asha)
    case = mailed(2, HOME, "It is about my home.")
    merge_ticket(case, kept, at=case.last_activity_at, by=asha)
    mailed(3, HOME, "Still.", answers=2)
    taken_apart(merge, asha)
    case.refresh_from_db()
    assert (case.requester, case.outcome) == (namesake, "")
    assert read_by(namesake, case) == ["It is about my home.", "Still."]
    assert read_by(olga, kept) == ["It does not print."]


def test_what_came_by_an_address_of_the_one_who_stays_stays(olga, namesake, asha):
    merge = as_one(namesake, olga, asha)
    case = mailed(1, WORK, "It does not print.", cc=ROB)
    taken_apart(merge, asha)
    case.refresh_from_db()
    assert (case.requester, answered(case, asha)) == (olga, {WORK, ROB})
    assert not case.log.filter(kind__in=("PersonParted", "RequesterChanged")).exists()
