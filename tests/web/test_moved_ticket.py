"""A ticket that came from another system tells all that was said on it, from the first word."""

import pytest

from deskbook.people.models import Agent
from deskbook.tickets.models import Ticket
from tests.moving.elsewhere import brought, small_desk
from tests.moving.test_freshdesk import written
from tests.people_factory import make_agent
from tests.web.test_roster_screen import signed_in, text

pytestmark = pytest.mark.django_db
TICKET = {
    "id": 900,
    "display_id": 8,
    "subject": "Printer",
    "description": "It hums since Monday.",
    "requester": {"id": 77, "name": "Chitra", "email": "chitra@school.example"},
    "requester_id": 77,
    "status": 2,
    "created_at": "2024-03-04T15:00:00Z",
    "attachments": [{"id": 3, "content_file_name": "hum.txt"}],
    "notes": [],
}
ANSWER = {
    "id": 1,
    "body": "We look.",
    "user_id": 12,
    "incoming": False,
    "created_at": "2024-03-05T15:00:00Z",
}
EARLIER = {**ANSWER, "id": 2, "body": "You called us.", "created_at": "2024-03-03T15:00:00Z"}


@pytest.fixture
def page(db, tmp_path):
    """Return the console's page of a ticket with these notes, or what is printed of it."""

    def page(*notes, where=""):
        desk = small_desk()
        (tmp_path / "attachments/3").mkdir(parents=True)
        (tmp_path / "attachments/3/hum.txt").write_text("hmmm")
        written(tmp_path, "Tickets0.json", [{"helpdesk_ticket": {**TICKET, "notes": list(notes)}}])
        brought(desk, tmp_path, "freshdesk", {"severity": {"*": "low"}})
        ticket = Ticket.objects.get()
        return text(signed_in(make_agent(desk)).get(f"/console/tickets/{ticket}{where}"))

    return page


@pytest.mark.parametrize("where", ["", "/print"])
def test_what_the_requester_asked_there_is_read_here_with_its_files(page, where):
    shown = page(ANSWER, where=where)
    parts = ("It came from Freshdesk", "It hums since Monday.", "hum.txt", "We look.")
    places = [shown.index(part) for part in parts]
    assert places == sorted(places)
    assert "opened this" in shown


@pytest.mark.parametrize("where", ["", "/print"])
def test_an_answer_older_than_what_was_asked_hides_nothing(page, where):
    shown = page(EARLIER, ANSWER, where=where)
    places = [shown.index(part) for part in ("You called us.", "It hums since Monday.", "We look.")]
    assert places == sorted(places)


def test_the_last_word_of_a_case_in_a_list_is_the_requesters_and_no_note_of_the_move(page):
    page()
    agent = Agent.objects.get()
    shown = text(signed_in(agent).get("/console/?queue=open"))
    assert "It hums since Monday." in shown and "freshdesk 8" not in shown
