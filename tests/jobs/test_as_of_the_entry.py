"""Who is told of what the desk did is settled when it is done, not when the letters are written:
the case may be another's by then, or go on by itself again.
"""

from datetime import timedelta

import pytest

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.parse import parse
from deskbook.jobs import letters
from deskbook.jobs.deliveries import deliveries_elsewhere
from deskbook.jobs.new_requester import tell_new_requester
from deskbook.jobs.visit_letters import tell_of_visit
from deskbook.people.contacts import add_way
from deskbook.people.merge_models import ContactMerge
from deskbook.people.merging import merge_contacts
from deskbook.tickets.conversation import answer_ticket, ask_requester
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.participants import add_participant, change_requester, remove_participant
from deskbook.tickets.promises import make_promise
from deskbook.tickets.relations import merge_ticket, unmerge_ticket
from deskbook.tickets.stages import verify_severity
from deskbook.tickets.taking_apart import take_people_apart
from deskbook.tickets.work import deliver, offer_estimate
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk, make_organisation
from tests.tickets.merged_cases import case_of
from tests.visit_desk import Office

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
FIX = Written("Try this.", files=(File("fix.bin", "x/y", b"z"),))


@pytest.fixture
def desk():
    return make_desk("sparkrock")


@pytest.fixture
def asha(desk):
    return make_agent(desk)


@pytest.fixture
def case(desk):
    return case_of(make_contact(desk))


def told(job, ticket, kind):
    """Return name → mail of those whom a job tells of the latest entry of a kind, which it comes to
    only now.
    """
    entry = Ticket.objects.get(pk=ticket.pk).log.filter(kind=kind).latest("seq")
    job(entry.pk)
    mails = OutboundMail.objects.filter(entry=entry)
    return {row.recipient.partition("@")[0]: parse(bytes(row.raw)) for row in mails}


def answered(ticket, asha):
    return answer_ticket(ticket, FIX, at=MONDAY + 2 * HOUR, by=asha)


def given_to(ticket, contact, asha, follows=False):
    change_requester(ticket, contact, follows=follows, at=MONDAY + 3 * HOUR, by=asha)


def test_an_answer_goes_to_whose_case_it_was_when_it_was_given(case, desk, asha):
    answered(case, asha)
    given_to(case, make_contact(desk, "Joan"), asha)
    mails = told(letters.carry_answer, case, "Answered")
    assert mails.keys() == {"chitra"}
    assert [one.filename for one in mails["chitra"].attachments] == ["fix.bin"]
    assert "/leaving/" not in mails["chitra"].text, "they do not follow it any more"


def test_whose_case_it_was_and_who_follows_it_now_gets_the_answer_as_they_did(case, desk, asha):
    answered(case, asha)
    given_to(case, make_contact(desk, "Joan"), asha, follows=True)
    assert told(letters.carry_answer, case, "Answered").keys() == {"chitra"}


def test_an_answer_is_not_mailed_to_who_follows_only_since(case, desk, asha):
    add_participant(case, make_contact(desk, "Evan"), at=MONDAY + HOUR, by=asha)
    answered(case, asha)
    add_participant(case, make_contact(desk, "Joan"), at=MONDAY + 3 * HOUR, by=asha)
    assert told(letters.carry_answer, case, "Answered").keys() == {"chitra", "evan"}


def test_an_answer_goes_to_who_followed_then_and_left_since(case, desk, asha):
    evan = make_contact(desk, "Evan")
    add_participant(case, evan, at=MONDAY + HOUR, by=asha)
    answered(case, asha)
    remove_participant(case, evan, at=MONDAY + 3 * HOUR, by=asha)
    assert told(letters.carry_answer, case, "Answered").keys() == {"chitra", "evan"}


def merged_and_answered(desk, asha):
    """Dev's case, which Evan follows, merged into Chitra's and answered there."""
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    add_participant(other, make_contact(desk, "Evan"), at=MONDAY, by=asha)
    merge_ticket(other, kept, at=MONDAY + HOUR, by=asha)
    answered(kept, asha)
    return other, kept


def test_an_answer_to_merged_cases_reaches_the_people_of_both_though_they_were_parted_since(
    desk, asha
):
    other, kept = merged_and_answered(desk, asha)
    unmerge_ticket(other, at=MONDAY + 3 * HOUR, by=asha)
    mails = told(letters.carry_answer, kept, "Answered")
    assert mails.keys() == {"chitra", "dev", "evan"}
    assert [one.filename for one in mails["dev"].attachments] == ["fix.bin"]
    home = other.log.get(kind="AnsweredElsewhere").seq
    [fates] = deliveries_elsewhere(Ticket.objects.get(pk=other.pk), [home]).values()
    assert sorted(one.to.partition("@")[0] for one in fates) == ["dev", "evan"]


def test_it_goes_to_the_address_they_wrote_their_own_case_from(desk, asha):
    kept, dev = case_of(make_contact(desk)), make_contact(desk, "Dev")
    add_way(dev, "email", "dev@home.example")
    said = Written("It is broken.", sender="dev@home.example")
    other = open_ticket(dev, NewCase("Broken", said, "email"), at=MONDAY, by=dev).ticket
    merge_ticket(other, kept, at=MONDAY + HOUR, by=asha)
    answered(kept, asha)
    unmerge_ticket(other, at=MONDAY + 3 * HOUR, by=asha)
    letters.carry_answer(Ticket.objects.get(pk=kept.pk).log.get(kind="Answered").pk)
    assert OutboundMail.objects.get(contact=dev, purpose="answer").recipient == "dev@home.example"


def test_an_answer_given_before_two_cases_were_merged_is_for_the_people_of_its_own(desk, asha):
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    answered(kept, asha)
    merge_ticket(other, kept, at=MONDAY + 3 * HOUR, by=asha)
    assert told(letters.carry_answer, kept, "Answered").keys() == {"chitra"}


def test_who_became_another_contact_since_is_told_as_the_person_they_are(case, desk, asha):
    answered(case, asha)
    given_to(case, make_contact(desk, "Joan"), asha)
    home = make_contact(desk, "Chitra-at-home")
    merge_contacts(case.requester, home, at=MONDAY + 4 * HOUR, by=asha)
    mails = told(letters.carry_answer, case, "Answered")
    assert mails.keys() < {"chitra", "chitra-at-home"} and len(mails) == 1


def test_an_answer_to_who_was_taken_for_another_goes_to_who_they_turned_out_to_be(desk, asha):
    dev, joan = make_contact(desk, "Dev"), make_contact(desk, "Joan")
    merge = merge_contacts(joan, dev, at=MONDAY - HOUR, by=asha)
    said = Written("It is broken.", sender="joan@sparkrock-customer.example")
    case = open_ticket(dev, NewCase("Broken", said, "email"), at=MONDAY, by=dev).ticket
    answered(case, asha)
    take_people_apart(ContactMerge.objects.get(pk=merge.pk), at=MONDAY + 3 * HOUR, by=asha)
    assert told(letters.carry_answer, case, "Answered").keys() == {"joan"}


def promised(ticket, asha):
    make_promise(ticket, "A new part", MONDAY + 9 * HOUR, at=MONDAY + HOUR, by=asha)


def verified(ticket, asha):
    verify_severity(ticket, "s1", reason="All are out.", at=MONDAY + HOUR, by=asha)


def asked(ticket, asha):
    ask_requester(ticket, Written("Which one?"), ["name"], at=MONDAY + HOUR, by=asha)


def estimated(ticket, asha):
    offer_estimate(ticket, HOUR, "10 EUR", "A report", at=MONDAY + HOUR, by=asha)


def delivered(ticket, asha):
    deliver(ticket, "26.3.1", at=MONDAY + HOUR, by=asha)


@pytest.mark.parametrize(
    ("act", "job", "kind"),
    [
        (promised, letters.tell_of_promise, "Promised"),
        (verified, letters.tell_of_severity, "SeverityVerified"),
        (asked, letters.carry_answer, "Answered"),
        (estimated, letters.tell_of_estimate, "EstimateOffered"),
        (delivered, letters.tell_of_delivery, "Delivered"),
    ],
)
def test_what_the_desk_did_is_told_to_whose_case_it_was_when_it_did_so(
    case, desk, asha, act, job, kind
):
    act(case, asha)
    given_to(case, make_contact(desk, "Joan"), asha)
    assert told(job, case, kind).keys() == {"chitra"}
    assert told(tell_new_requester, case, "RequesterChanged").keys() <= {"joan"}


def test_an_estimate_is_signed_by_the_named_people_of_whose_case_it_was(desk, asha):
    schools, roads = (make_organisation(desk, name) for name in ("Schools", "Roads"))
    case = case_of(make_contact(desk, "Chitra", schools))
    make_contact(desk, "Dev", schools)
    estimated(case, asha)
    joan, _evan = make_contact(desk, "Joan", roads), make_contact(desk, "Evan", roads)
    given_to(case, joan, asha)
    assert told(letters.tell_of_estimate, case, "EstimateOffered").keys() == {"chitra", "dev"}


def test_a_visit_is_dated_for_whose_case_it_was_and_taken_out_of_their_calendar_after(db):
    office = Office()
    case = office.dated()
    joan = make_contact(office.desk, "Joan")
    change_requester(case, joan, follows=False, at=office.now, by=office.bala)
    assert told(tell_of_visit, case, "SiteVisitDated").keys() == {"chitra"}
    mails = told(tell_new_requester, case, "RequesterChanged")
    assert "is another person's case now" in mails["chitra"].text
    assert "We come to you for" in mails["joan"].text
