"""An office asks people to come, sees the decision, the date and who comes, and says whether it
suits.
"""

from html import unescape

import pytest
from django.test import Client
from icalendar import Calendar

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.parse import parse
from deskbook.jobs.alerts import tell
from deskbook.people.models import Contact
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.site_visits import call_off_visit, decide_on_visit
from tests.people_factory import make_contact, make_desk
from tests.visit_desk import BOOK, WISH, Office, refreshed, visit_of

pytestmark = pytest.mark.django_db
FORM = {
    "subject": "Training for the new office",
    "text": "We moved.",
    "place": "Taluk Office",
    "people": "14",
    "client_key": "0" * 32,
}


@pytest.fixture
def office():
    return Office()


def signed_in(contact):
    client = Client()
    client.force_login(contact.user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def chitra(office):
    return signed_in(office.chitra)


def case_page(client, ticket):
    return client.get(f"/desk/payroll/cases/{ticket}/").content.decode()


def test_an_office_asks_on_a_page_of_its_own(office, chitra):
    assert "/desk/payroll/visits/new/" in chitra.get("/desk/payroll/cases/").content.decode()
    shown = chitra.get("/desk/payroll/visits/new/").content.decode()
    assert "How many people will be there?" in shown
    assert 'name="facet-type"' not in shown
    answer = chitra.post("/desk/payroll/visits/new/", FORM)
    ticket = Ticket.objects.get()
    assert answer["Location"] == f"/desk/payroll/cases/{ticket}/"
    assert ticket.kind == "on-site training"
    assert "Taluk Office" in case_page(chitra, ticket)
    chitra.post("/desk/payroll/visits/new/", FORM)
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"place": " "}, "Say where"),
        ({"place": "x" * 301}, "301 characters"),
        ({"people": "some"}, "as a number"),
        ({"people": "0"}, "as a number"),
        ({"people": "99999"}, "as a number"),
        ({"wanted_from": "soon"}, "Write the day like"),
        ({"wanted_from": "9999-12-31"}, "Write the day like"),
        ({"wanted_from": "2020-01-01", "wanted_until": "2020-01-02"}, "are over"),
        ({"wanted_from": "2099-01-02", "wanted_until": "2099-01-01"}, "before the first"),
        ({"subject": ""}, "what it is about"),
        ({"text": ""}, "Tell us what happened."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(office, chitra, wrong, told):
    answer = chitra.post(
        "/desk/payroll/visits/new/", {**FORM, "words": "A projector is there.", **wrong}
    )
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "A projector is there." in answer.content.decode()
    assert not Ticket.objects.exists()


def test_a_case_that_came_by_another_way_asks_for_what_is_missing(office, chitra):
    ticket = office.case()
    assert "Tell us how many people, where and when" in case_page(chitra, ticket)
    again = chitra.post(f"/desk/payroll/cases/{ticket}/visit/", {"place": "Here", "people": "x"})
    assert again.status_code == 422
    assert 'value="Here"' in again.content.decode()
    assert (
        chitra.post(
            f"/desk/payroll/cases/{ticket}/visit/", {"place": "Here", "people": "9"}
        ).status_code
        == 302
    )
    assert "Correct what you asked for" in case_page(chitra, ticket)
    decide_on_visit(refreshed(ticket), True, at=office.now, by=office.bala)
    assert "Correct what you asked for" not in case_page(chitra, ticket)
    late = chitra.post(f"/desk/payroll/cases/{ticket}/visit/", {"place": "There", "people": "9"})
    assert late.status_code == 409
    assert "decided about already" in late.content.decode()


def test_a_question_says_nothing_of_visits(office, chitra):
    assert "Visit to your office" not in case_page(chitra, office.case("question"))


def test_why_nobody_comes_is_read_on_the_case(office, chitra):
    ticket = office.asked()
    decide_on_visit(ticket, False, reason="A call is enough.", at=office.now, by=office.bala)
    assert "A call is enough." in case_page(chitra, ticket)


def test_the_office_sees_who_comes_and_says_that_it_suits(office, chitra):
    ticket = office.dated(office.ravi, office.meera, words="Please have the computers ready.")
    shown = case_page(chitra, ticket)
    for words in ("Ravi, Meera", "please answer", "Please have the computers ready."):
        assert words in shown
    address = f"/desk/payroll/cases/{ticket}/visit/{visit_of(ticket).visit}/"
    assert chitra.post(address, {"suits": "yes"}).status_code == 302
    assert visit_of(ticket).suits is True
    assert "suits you" in case_page(chitra, ticket)


def test_what_is_said_with_a_date_that_suits_stands_on_the_case_and_goes_with_the_notice(
    office, chitra
):
    ticket = office.dated()
    address = f"/desk/payroll/cases/{ticket}/visit/{visit_of(ticket).visit}/"
    chitra.post(address, {"suits": "yes", "reason": "Ring at the back door."})
    assert "Chitra: “Ring at the back door.”" in unescape(case_page(chitra, ticket))
    bala = Client()
    bala.force_login(office.bala.user, "django.contrib.auth.backends.ModelBackend")
    for part in ("", "/visit"):
        page = bala.get(f"/console/tickets/{ticket}{part}").content.decode()
        assert "Ring at the back door." in page
    entry = LogEntry.objects.get(ticket=ticket, kind="SiteVisitAnswered")
    tell(entry, "bala@payroll.example", office.bala)
    mail = OutboundMail.objects.get(purpose="notice")
    assert "Ring at the back door." in parse(bytes(mail.raw)).text


def test_who_says_no_twice_with_other_words_is_heard_twice(office, chitra):
    ticket = office.dated()
    address = f"/desk/payroll/cases/{ticket}/visit/{visit_of(ticket).visit}/"
    for reason in ("Pay day.", "The 11th would do."):
        chitra.post(address, {"no": "yes", "reason": reason})
    assert "The 11th would do." in case_page(chitra, ticket)
    assert LogEntry.objects.filter(ticket=ticket, kind="SiteVisitAnswered").count() == 2


def test_a_date_that_does_not_suit_needs_a_reason(office, chitra):
    ticket = office.dated()
    address = f"/desk/payroll/cases/{ticket}/visit/{visit_of(ticket).visit}/"
    again = chitra.post(address, {"no": "yes"})
    assert again.status_code == 409
    assert "Say why it does not suit" in again.content.decode()
    assert chitra.post(address, {"no": "yes", "reason": "Pay day."}).status_code == 302
    assert visit_of(ticket).suits is False


def test_the_calendar_file_follows_the_visit(office, chitra):
    ticket = office.dated()
    address = f"/desk/payroll/cases/{ticket}/visit/{visit_of(ticket).visit}.ics"
    file = chitra.get(address)
    assert file["Content-Disposition"] == f'attachment; filename="{ticket}.ics"'
    first = Calendar.from_ical(file.content).walk("VEVENT")[0]
    assert (first["status"], first["location"]) == ("CONFIRMED", WISH.place)
    call_off_visit(ticket, visit_of(ticket).visit, reason="Flood", at=office.now, by=office.bala)
    off = Calendar.from_ical(chitra.get(address).content)
    assert (off["method"], off.walk("VEVENT")[0]["uid"]) == ("CANCEL", first["uid"])
    assert "Flood" in case_page(chitra, ticket)


def test_strangers_find_neither_the_visit_nor_its_file(office):
    ticket = office.dated()
    visit = visit_of(ticket).visit
    dev = signed_in(make_contact(office.desk, "Dev"))
    for address in (f"visit/{visit}/", "visit/"):
        assert (
            dev.post(f"/desk/payroll/cases/{ticket}/{address}", {"suits": "yes"}).status_code == 404
        )
    assert dev.get(f"/desk/payroll/cases/{ticket}/visit/{visit}.ics").status_code == 404
    assert Client().get(f"/desk/payroll/cases/{ticket}/visit/{visit}.ics").status_code == 302
    assert visit_of(ticket).suits is None


def test_a_file_of_another_case_is_not_given(office, chitra):
    one, other = office.dated(), office.dated(office.meera)
    assert (
        chitra.get(f"/desk/payroll/cases/{one}/visit/{visit_of(other).visit}.ics").status_code
        == 404
    )


def test_a_desk_that_sends_nobody_has_no_such_page(chitra, office):
    contact = make_contact(make_desk("sparkrock"))
    assert signed_in(contact).get("/desk/sparkrock/visits/new/").status_code == 404


def test_who_is_not_named_asks_a_colleague(db):
    from tests.people_factory import make_organisation

    office = Office(BOOK + "\nplans: { one: { contacts: 1-3 } }\n")
    dev = make_contact(office.desk, "Dev", make_organisation(office.desk), named=False)
    assert (
        signed_in(Contact.objects.get(pk=dev.pk)).get("/desk/payroll/visits/new/").status_code
        == 403
    )
