"""Cases merged, their people taken for one, both taken back: in either order everybody has what
they wrote.
"""

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.people.access import takes_part
from deskbook.people.contacts import find_or_make_contact, give_sign_in
from deskbook.people.merge_models import ContactMerge
from deskbook.people.merging import merge_contacts
from deskbook.people.models import ContactIdentity
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Attachment, Message, Ticket
from deskbook.tickets.relations import merge_ticket, unmerge_ticket
from deskbook.tickets.verify import broken_links
from tests.people_factory import make_agent

DESK = "it@harbour.example"
NAMES = ("alda", "berto", "cila")
STEPS = {
    "cases merged, nothing, cases parted": (0, 1),
    "cases merged, people merged, cases parted, people parted": (0, 1),
    "cases merged, people merged, people parted, cases parted": (0, 1, 2),
    "people merged, cases merged, cases parted, people parted": (1,),
    "people merged, cases merged, people parted": (1,),
}
"""What is done, one after the other → after which of these the two cases are one."""
pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(desk):
    return make_agent(desk, "Bala", role="lead")


def signed_in(user):
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def address(name):
    return f"{name}@customer.example"


def contact(name):
    return ContactIdentity.objects.get(identifier=address(name)).contact


def mailed(name, key, *, answers=None, cc=""):
    """A mail with a file, both called after its key; `answers` is the key of the mail it
    answers.
    """
    thread = f"In-Reply-To: <{answers}@customer.example>\n" if answers else ""
    raw = (
        f"From: {address(name)}\nTo: {DESK}\nCc: {address(cc) if cc else ''}\n{thread}Subject:"
        f" Printer\nMessage-ID: <{key}@customer.example>\nMIME-Version: 1.0\nContent-Type:"
        " multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSays"
        f" {key}.\n--b\nContent-Type: text/plain\nContent-Disposition: attachment;"
        f" filename={key}.txt\n\n{key}\n--b--\n"
    )
    return receive(ingest(raw.encode(), DESK, envelope_from=address(name))).ticket


class Story:
    """Alda's case, and Berto's, which Cila follows; at each time the desk answers, and each of them
    writes.
    """

    def __init__(self, desk, lead, first, second):
        self.desk, self.lead, self.people = desk, lead, (first, second)
        for name in NAMES:
            find_or_make_contact(desk, "email", address(name), name=name.title())
        self.kept, self.case = mailed("alda", "first"), mailed("berto", "second", cc="cila")

    def goes(self, steps):
        """Everybody writes after each step but the last."""
        for when, step in enumerate(steps):
            getattr(self, step.replace(" ", "_"))()
            if when < len(steps) - 1:
                self.all_write(when)

    def cases_merged(self):
        merge_ticket(self.case, self.kept, at=timezone.now(), by=self.lead)

    def cases_parted(self):
        unmerge_ticket(self.case, at=timezone.now(), by=self.lead)

    def people_merged(self):
        source, into = map(contact, self.people)
        merge_contacts(source, into, at=timezone.now(), by=self.lead)

    def people_parted(self):
        answer = signed_in(self.lead.user).post(
            f"/console/merges/{ContactMerge.objects.get().pk}/undoing"
        )
        assert answer.status_code == 302

    def nothing(self):
        """What happens to the people where nobody takes two of them for one."""

    def all_write(self, when):
        answer_ticket(self.kept, Written(f"Told at {when}."), at=timezone.now(), by=self.lead)
        mailed("alda", f"alda.{when}", answers="first", cc=f"guest.of.alda.{when}")
        mailed("berto", f"berto.{when}", answers="second", cc=f"guest.of.berto.{when}")
        mailed("cila", f"cila.{when}", answers="second")

    def portal_of(self, name):
        """What somebody reads on either case, and which files they can open."""
        client = signed_in(give_sign_in(contact(name)))
        texts = {text.strip() for text in Message.objects.values_list("text", flat=True)}
        read = set()
        for which, case in (("kept", self.kept), ("case", self.case)):
            page = client.get(f"/desk/{self.desk.key}/cases/{case}/").content.decode()
            read |= {(which, text) for text in texts if text in page}
        files = Attachment.objects.order_by("pk")
        opened = [
            file for file in files if client.get(f"/files/{file.pk}/{file.name}").status_code == 200
        ]
        return read | {(self.which(file.message.ticket), file.name) for file in opened}

    def which(self, ticket):
        return "kept" if ticket == self.kept else "case"

    def guests_of(self, case):
        ways = ContactIdentity.objects.filter(identifier__startswith="guest").select_related(
            "contact"
        )
        return {way.identifier.partition("@")[0] for way in ways if takes_part(way.contact, case)}


@pytest.mark.parametrize("people", [("berto", "alda"), ("alda", "berto")], ids=" into ".join)
@pytest.mark.parametrize("steps", STEPS)
def test_each_has_their_own_words_and_files_and_what_they_were_told_and_nobody_elses(
    desk, lead, steps, people
):
    story = Story(desk, lead, *people)
    todo = steps.split(", ")
    story.goes(todo)
    times, one = range(len(todo) - 1), STEPS[steps]
    of_alda = said("first", *(f"alda.{when}" for when in times)) | {
        f"Told at {when}." for when in times
    }
    of_berto = said("second", *(f"{who}.{when}" for when in times for who in ("berto", "cila")))
    of_berto |= {f"Told at {when}." for when in one}
    assert story.portal_of("alda") == {("kept", words) for words in of_alda}
    assert (
        story.portal_of("berto")
        == story.portal_of("cila")
        == {("case", words) for words in of_berto}
    )
    assert story.guests_of(story.kept) == {f"guest.of.alda.{when}" for when in times}
    assert story.guests_of(story.case) == {f"guest.of.berto.{when}" for when in times}
    assert not list(broken_links(Ticket.objects.all()))


def test_a_case_merged_into_a_third_meanwhile_takes_in_nothing_and_the_other_reads_no_words_of_theirs(
    desk, lead
):
    story = Story(desk, lead, "berto", "alda")
    story.goes(["cases merged", "people merged", "cases parted"])
    merge_ticket(story.case, mailed("dora", "third"), at=timezone.now(), by=lead)
    story.people_parted()
    theirs = {("kept", words) for words in said("berto.0", "berto.1")}
    assert not story.portal_of("alda") & theirs
    assert story.guests_of(story.kept) == {"guest.of.alda.0", "guest.of.alda.1"}
    assert not list(broken_links(Ticket.objects.all()))


def said(*keys):
    """The words and the file of each of these mails."""
    return {what for key in keys for what in (f"Says {key}.", f"{key}.txt")}
