"""Who gives no name writes, reads and goes on writing by a number and a secret."""

import re
from pathlib import Path

import pytest
from django.test import Client

from deskbook.channels.email.models import OutboundMail
from deskbook.jobs import letters
from deskbook.people.merging import NotOnePerson, merge_contacts, perhaps_the_same
from deskbook.people.models import Agent, Contact
from deskbook.people.sessions import Session
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.untold_models import Untold
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk

pytestmark = pytest.mark.django_db
BOOK = Path(__file__).parents[3] / "docs/book/examples/confined.yaml"
WRITE, FOLLOW = "/desk/confined/anonymous/", "/desk/confined/anonymous/case/"
KEY = "0123456789abcdef" * 2
SAID = {
    "client_key": KEY,
    "subject": "How I was spoken to",
    "text": "In front of all",
    "facet-category": "conduct",
}


@pytest.fixture
def desk():
    return make_desk("confined", BOOK.read_text())


def written(**said):
    page = Client().post(WRITE, {**SAID, **said})
    return page, re.search(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){3}", page.content.decode())


def followed(secret, number="PPL-1"):
    client = Client()
    return client, client.post(FOLLOW, {"number": number, "secret": secret})


def test_a_case_is_followed_by_its_number_and_secret_and_goes_on(desk):
    page, secret = written()
    assert page.status_code == 200
    assert "PPL-1" in page.content.decode()
    ticket = Ticket.objects.get()
    assert ticket.team == "ombudsman"
    assert secret[0] not in str(vars(ticket.requester.user))
    asha = make_agent(desk, "Asha", teams=("ombudsman",))
    recorded = answer_ticket(ticket, Written("When was that?"), at=MONDAY, by=asha)
    letters.carry_answer(recorded.entries[0].pk)
    client, entered = followed(secret[0].lower().replace("-", " "), " ppl-1 ")
    assert entered.headers["Location"] == "/desk/confined/cases/PPL-1/"
    case = client.get("/desk/confined/cases/PPL-1/").content.decode()
    assert "When was that?" in case
    client.post("/desk/confined/cases/PPL-1/answer/", {"client_key": KEY, "text": "On Friday"})
    assert ticket.messages.filter(text="On Friday").exists()
    assert not OutboundMail.objects.exists()
    assert not Untold.objects.exists()  # it stands on their page: nobody could not be reached


def test_nothing_is_kept_of_where_they_write_from(desk):
    _page, secret = written()
    followed(secret[0])
    contact = Contact.objects.get()
    assert not contact.identities.exists()
    assert Session.objects.get().network == Session.objects.get().browser == ""


def test_the_same_form_again_is_the_same_case_with_the_same_secret(desk):
    assert written()[1][0] == written()[1][0]
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    ("number", "secret"), [("PPL-1", "AAAA-BBBB-CCCC-DDDD"), ("PPL-9", "x"), ("nothing", "x")]
)
def test_a_wrong_secret_is_not_told_from_a_number_that_is_none(desk, number, secret):
    written()
    _client, page = followed(secret, number)
    assert page.status_code == 422
    assert "do not belong together" in page.content.decode()


def test_the_form_offers_what_is_taken_without_a_name_and_nothing_else(desk):
    page = Client().get(WRITE).content.decode()
    assert "conduct" in page
    assert 'value="pay"' not in page
    refused, _none = written(**{"facet-category": "pay"})
    assert refused.status_code == 422
    assert "In front of all" in refused.content.decode()
    make_desk(
        "harbour",
        BOOK.read_text()
        .replace("anonymous:\n  - { by: [portal, phone], category: conduct }", "")
        .replace("PPL", "HRB")
        .replace("people@", "hr@"),
    )
    assert Client().get("/desk/harbour/anonymous/").status_code == 404


def test_a_secret_that_is_tried_too_often_is_tried_no_more_for_an_hour(desk):
    _page, secret = written()
    for _ in range(30):
        followed("wrong")
    assert followed(secret[0])[1].status_code == 422


def test_an_agent_logs_a_call_without_a_name_and_reads_the_secret_out(desk, client):
    asha = make_agent(desk, "Asha", teams=("ombudsman",))
    client.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    form = {"client_key": KEY, "nameless": "yes", "text": "Shouted at", "channel": "phone"}
    page = client.post("/console/tickets/new", {**form, "facet.category": "conduct"}, follow=True)
    secret = re.search(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){3}", page.content.decode())
    assert followed(secret[0])[1].status_code == 302
    named = client.post(
        "/console/tickets/new", {**form, "name": "Dev", "facet.category": "conduct"}
    )
    assert named.status_code == 422


def test_who_gave_no_name_is_proposed_as_nobody_and_taken_for_nobody(desk):
    written()
    written(client_key=KEY[::-1])
    one, other = Contact.objects.filter(anonymous=True)
    chitra = make_contact(desk)
    assert perhaps_the_same(one) == []
    for source, into in ((one, other), (one, chitra), (chitra, one)):
        with pytest.raises(NotOnePerson, match="gave no name"):
            merge_contacts(source, into, at=MONDAY, by=make_agent(desk, "Bala", "lead"))
        Agent.objects.all().delete()


def test_who_gave_no_name_is_called_nothing_else(desk):
    _page, secret = written()
    client, _entered = followed(secret[0])
    assert client.post("/profile/", {"name": "Head of IT"}).status_code == 404
    assert Contact.objects.get(anonymous=True).name == "Without a name"


def test_the_form_says_what_a_file_may_tell(desk):
    page = Client().get(WRITE).content.decode()
    assert "A picture or a document may tell who made it, where and when" in page


def test_the_desk_reads_on_the_ticket_that_its_requester_gives_no_name(desk, client):
    written()
    asha = make_agent(desk, "Asha", teams=("ombudsman",))
    client.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    assert "gives no name" in client.get("/console/tickets/PPL-1").content.decode()


def test_a_book_that_calls_the_portal_otherwise_takes_them_as_well():
    make_desk(
        "otherwise",
        """\
deskbook: 1
name: Otherwise
zone: Asia/Kolkata
hours: { office: { mon-fri: 09:00-18:00 } }
channels: { email: {}, page: { by: portal } }
anonymous: [{ by: page }]
""",
    )
    said = {"client_key": KEY, "subject": "How I was spoken to", "text": "In front of all"}
    assert Client().post("/desk/otherwise/anonymous/", said).status_code == 200
    assert Ticket.objects.get().channel == "page"
