"""In whatever order cases and people are merged and taken apart, each case has in the end what
belongs to it.
"""

from copy import deepcopy
from pathlib import Path

import pytest
from django.conf import settings as django
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.parse import parse
from deskbook.channels.email.signing import signer_for
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.jobs.letters import tell_of_merge_taken_back
from deskbook.people.access import takes_part
from deskbook.people.contacts import find_or_make_contact
from deskbook.people.merge_models import ContactMerge
from deskbook.people.merging import merge_contacts
from deskbook.people.models import Contact
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.followers import who_is_answered
from deskbook.tickets.going_on import goes_on_as
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.participants import add_participant, leaving_link, remove_participant
from deskbook.tickets.relations import merge_ticket, unmerge_ticket
from deskbook.tickets.state import state_of
from deskbook.tickets.taking_apart import take_people_apart
from deskbook.tickets.verify import broken_links
from deskbook.web.shared.reading import readable
from tests.people_factory import make_agent, make_desk

pytestmark = pytest.mark.django_db
DESK = "it@harbour.example"
BOOK = (Path(__file__).parents[2] / "books" / "small.yaml").read_text()
CASES = ("A", "B")
OPENED = {"A": ("alda", "dul"), "B": ("berto", "cila", "dul")}
"""Case → its requester, and who follows it; Dul takes part in both."""
PAIRS = (("alda", "berto"), ("berto", "alda"), ("cila", "alda"), ("dul", "berto"))
EVERYBODY = ("alda", "berto", "cila", "dul", "fred")
who, where = st.sampled_from((*EVERYBODY, "guest")), st.sampled_from(CASES)
WHERE = st.sampled_from(("A", "B", "AB"))
STEPS = st.one_of(
    st.tuples(st.just("merge"), where),
    st.tuples(st.just("take_back")),
    st.tuples(st.just("take_for_one"), st.sampled_from(PAIRS)),
    st.tuples(st.just("take_apart")),
    st.tuples(st.just("write"), who, WHERE),
    st.tuples(st.just("copy_in"), who, WHERE),
    st.tuples(st.just("answer"), where),
    st.tuples(st.just("add"), where),
    st.tuples(st.just("remove"), where, who),
    st.tuples(st.just("leave"), where, who),
)


class Desk:
    """Two cases, what is done with them, and what a desk manager expects of each in the end."""

    def __init__(self, desk, lead):
        self.desk, self.lead = desk, lead
        self.people = {
            name: find_or_make_contact(self.desk, "email", address(name), name=name.title())
            for name in EVERYBODY
        }
        self.own = {case: dict.fromkeys(OPENED[case]) for case in CASES}
        """Case → whose it is and who follows it for its own sake."""
        self.merged = self.one = None
        self.guests = []
        self.out, self.removed = set(), set()
        """Who was taken out of the case that the two are; of any, ever."""
        self.words, self.answers, self.said = {}, {}, 0
        self.case = {
            case: self.mailed(names[0], DESK, names[1:], {case}) for case, names in OPENED.items()
        }

    def mailed(self, name, to, cc, belongs):
        self.said += 1
        copied = f"Cc: {', '.join(map(address, cc))}\n" if cc else ""
        raw = (
            f"From: {address(name)}\nTo: {to}\n{copied}Subject: Printer\nMessage-ID:"
            f" <{self.said}@customer.example>\n\nSays {self.said}."
        )
        row = receive(ingest(raw.encode(), DESK, envelope_from=address(name)))
        assert row.ticket, row.reason
        self.words[f"Says {self.said}."] = (name, belongs, self.merged)
        return row.ticket

    def ticket(self, case):
        return Ticket.objects.select_related("desk", "requester").get(pk=self.case[case].pk)

    def do(self, step, *facts):
        """Where it is the guest's turn, whoever was copied in last acts."""
        guest = self.guests[-1] if self.guests else "guest"
        getattr(self, step)(*(guest if fact == "guest" else fact for fact in facts))

    def merge(self, case):
        if not self.merged:
            other = "A" if case == "B" else "B"
            merge_ticket(self.ticket(case), self.ticket(other), at=timezone.now(), by=self.lead)
            self.merged = case

    def take_back(self):
        if self.merged:
            unmerge_ticket(self.ticket(self.merged), at=timezone.now(), by=self.lead)
            self.parted()

    def parted(self):
        case, self.merged = self.merged, None
        if not self.one:
            self.what_was_said_is_true(case)
        self.out = set()

    def take_for_one(self, pair):
        if not self.one and not self.removed & set(pair):
            source, into = (self.people[name] for name in pair)
            merge_contacts(fresh(source), fresh(into), at=timezone.now(), by=self.lead)
            self.one = pair

    def take_apart(self):
        if self.one:
            merge = ContactMerge.objects.get(undone_at=None)
            take_people_apart(merge, at=timezone.now(), by=self.lead)
            self.one = None
            if self.merged and not self.ticket(self.merged).state.get("merged_into"):
                self.parted()

    def belongs(self, name, cases):
        """The cases whose letter somebody answers and in which they take part; of those merged, at
        least their own.
        """
        theirs = {case for case in CASES if name in self.own[case]}
        named = theirs & set(cases)
        kept = {"A": "B", "B": "A"}.get(self.merged or "")
        if not set(cases) <= theirs | {kept} or (
            self.one and name in self.one and named != set(cases)
        ):
            return set()  # whose letters they do not get
        return named or (theirs if self.merged else set())

    def write(self, name, cases, cc=()):
        belongs = self.belongs(name, cases)
        if belongs and name not in self.out:
            signer = signer_for(self.desk)
            to = ", ".join(signer.reply_address(str(self.case[case].pk)) for case in cases)
            self.mailed(name, to, cc, belongs)
        return belongs if name not in self.out else set()

    def copy_in(self, name, cases):
        guest = f"guest{self.said}"
        for case in self.write(name, cases, cc=(guest,)):
            self.own[case][guest] = None
            self.guests.append(guest)

    def answer(self, case):
        self.said += 1
        text = f"Told {self.said}."
        kept = goes_on_as(self.ticket(case))
        answer_ticket(kept, Written(text), at=timezone.now(), by=self.lead)
        told = set(CASES) if self.merged else {case}
        self.answers[text] = ({one: set(self.own[one]) - self.out for one in told}, self.merged)

    def add(self, case):
        if self.merged != case and not takes_part(self.contact("fred"), self.ticket(case)):
            add_participant(
                self.ticket(case), fresh(self.people["fred"]), at=timezone.now(), by=self.lead
            )
            self.own[case]["fred"] = None
            self.out.discard("fred")

    def remove(self, case, name):
        """Of two who are one for the desk nobody can be taken out alone."""
        if self.one or self.merged == case or name in ("guest", OPENED[case][0]):
            return
        at = timezone.now()
        if remove_participant(self.ticket(case), self.contact(name), at=at, by=self.lead):
            self.own[case].pop(name, None)
            self.removed.add(name)
            if self.merged:
                self.out.add(name)

    def leave(self, case, name):
        """By the link in a letter of the case, which stops the copies of what it goes on as too."""
        if self.one or name not in self.own[case] or name == OPENED[case][0]:
            return
        link = leaving_link(self.ticket(case), self.contact(name))
        assert Client().post(link.removeprefix(django.DESKBOOK_SITE_URL)).status_code == 200
        kept = CASES[self.merged == "A"] if self.merged else case
        for one in {case, kept} - {c for c in CASES if name == OPENED[c][0]}:
            self.own[one].pop(name, None)
        self.removed.add(name)
        if self.merged:
            self.out.add(name)

    def what_was_said_is_true(self, case):
        """Of the letter that says that a case goes on by itself again."""
        entry = LogEntry.objects.filter(ticket=self.case[case], kind="Unmerged").latest("seq")
        tell_of_merge_taken_back(entry.pk)
        for row in OutboundMail.objects.filter(entry=entry, purpose="unmerged"):
            text = " ".join(parse(bytes(row.raw)).text.split())
            name = row.recipient.partition("@")[0]
            if "stands there too" in text:
                assert self.said_to(name, case) <= self.reads(name, case), (name, text)

    def said_to(self, name, case):
        wrote = {
            text for text, (by, _belongs, merged) in self.words.items() if by == name and merged
        }
        told = {
            text
            for text, (readers, merged) in self.answers.items()
            if merged == case and name in readers[case]
        }
        return {text for text in wrote if self.words[text][2] == case} | told

    def reads(self, name, case):
        found = readable(self.ticket(case), self.contact(name))
        return {text.strip() for text in found.values_list("text", flat=True)}

    def contact(self, name):
        return find_or_make_contact(self.desk, "email", address(name))

    def each_case_has_what_belongs_to_it(self):
        for case in CASES:
            ticket, own = self.ticket(case), self.own[case]
            said = [(m.text.strip(), m.outsider, m) for m in ticket.messages.all()]
            for text, (name, belongs, _merged) in self.words.items():
                found = [(outsider, m) for words, outsider, m in said if words == text]
                assert len(found) <= 1, (text, "stands twice on", case)
                read = [m for outsider, m in found if not outsider]
                assert bool(read) == (case in belongs), (text, name, belongs, case, found)
                assert all(m.author_contact == self.contact(name) for m in read), (text, name)
            for text, (readers, _merged) in self.answers.items():
                found = [m for words, _outsider, m in said if words == text]
                assert len(found) == (case in readers), (text, readers, case, found)
                for name in readers.get(case, set()) & own.keys():
                    assert text in self.reads(name, case), (name, "does not read", text, case)
            answered = {one.identities.get().identifier for one in who_is_answered(ticket)}
            assert answered == set(map(address, own)), (case, answered, own)
            for name in {*EVERYBODY, *self.guests} - own.keys():
                assert not takes_part(self.contact(name), ticket), (name, case)
            assert state_of(ticket).participants == {str(self.contact(one).pk) for one in own}
        assert not list(broken_links(Ticket.objects.all()))


def fresh(contact):
    return Contact.objects.get(pk=contact.pk)


def address(name):
    return f"{name}@customer.example"


@pytest.fixture
def office(db):
    desk = make_desk("small", BOOK)
    return Desk(desk, make_agent(desk, "Bala", role="lead"))


@settings(
    max_examples=12,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=3, max_size=9), people_first=st.booleans())
def test_each_case_has_in_the_end_what_belongs_to_it(office, steps, people_first):
    with transaction.atomic():
        desk = deepcopy(office)
        for step, *facts in steps:
            desk.do(step, *facts)
        for undo in (desk.take_apart, desk.take_back)[:: 1 if people_first else -1]:
            undo()
        desk.each_case_has_what_belongs_to_it()
        transaction.set_rollback(True)
