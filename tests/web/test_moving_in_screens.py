"""An owner of the book brings what the desk had elsewhere; nobody else does."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.jobs import moving
from deskbook.jobs.worker import SLOTS
from deskbook.moving.models import Move
from deskbook.moving.sources import SOURCES, Source
from deskbook.people.models import User
from deskbook.tickets.models import Ticket
from tests.moving.elsewhere import HEADER, small_desk
from tests.people_factory import make_agent
from tests.web.test_roster_screen import signed_in, text

pytestmark = pytest.mark.django_db
LINES = (
    HEADER,
    "71,Printer,chitra@school.example,2024-03-04 10:00,,Parked,Urgent,,,,,,,It hums.",
    "72,Ghost,dev@school.example,2024-01-02 09:00,2024-01-09 16:00,Closed,Low,,,,,,,Gone.",
    "73,Odd,dev@school.example,yesterday,,Open,Low,,,,,,,Gone.",
)
EXPORT = "\n".join(LINES)


@pytest.fixture
def owner(db):
    return make_agent(small_desk(), "Olga", role="owner")


def send(client, content=EXPORT, source="csv"):
    file = SimpleUploadedFile("old.csv", content.encode())
    return client.post("/console/moving-in/", {"source": source, "file": file})


def run_job():
    """Do what the last press of a button queued, as a worker would."""
    job = ProcrastinateJob.objects.filter(task_name__contains="move").latest("id")
    getattr(moving, job.task_name)(**job.args)
    return Move.objects.get()


def test_it_is_given_looked_through_and_taken_in(owner):
    client = signed_in(owner)
    assert "/console/moving-in/" in text(client.get("/console/settings/"))
    address = send(client).url
    assert "Reading the file" in text(client.get(address))
    run_job()
    assert client.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    page = text(client.get(address))
    assert "Nothing has come yet." in page and "not known to the book" in page
    assert "“yesterday” in “opened” is no date and time" in page
    assert not Ticket.objects.exists()
    parked = next(n for n, row in enumerate(Move.objects.get().met) if row[1] == "Parked")
    words = {f"word-{n}": row[3] or "" for n, row in enumerate(Move.objects.get().met)}
    client.post(f"{address}/coming", words | {f"word-{parked}": "waiting"})
    assert "Taking it in" in text(client.get(address))
    run_job()
    assert "3 tickets came along. Nobody was told." in text(client.get(address))
    assert Ticket.objects.get(subject="Printer").stage == "waiting"
    assert bytes(Move.objects.get().data) == b""
    listed = client.get(f"{address}/left-out.csv").getvalue().decode("utf-8-sig")
    assert "old.csv, line 4" in listed


def test_it_takes_turns_with_other_moves_and_holds_up_nothing_else(owner):
    client = signed_in(owner)
    address = send(client).url
    run_job()
    client.post(f"{address}/coming")
    jobs = ProcrastinateJob.objects.filter(task_name__contains="move")
    assert set(jobs.values_list("queue_name", "lock")) == {("moves", "moves")}
    assert [slots.at_once for slots in SLOTS if "moves" in slots.queues] == [1]
    assert [slots.queues for slots in SLOTS if "moves" in slots.queues] == [("moves",)]


def test_how_far_it_is_and_how_long_it_takes_still_is_shown(owner):
    client = signed_in(owner)
    address = send(client).url
    move = run_job()
    client.post(f"{address}/coming")
    Move.objects.filter(pk=move.pk).update(came=1)
    page = text(client.get(address, headers={"HX-Request": "true"}))
    assert "<b>1</b> of 3" in page and "left</p>" in page


def test_a_job_that_is_done_again_brings_nothing_twice(owner):
    client = signed_in(owner)
    address = send(client).url
    run_job()
    client.post(f"{address}/coming")
    run_job()
    run_job()
    assert Ticket.objects.count() == 3


def test_a_file_that_is_no_export_says_so(owner):
    client = signed_in(owner)
    address = send(client, "a,b\n1,2\n").url
    run_job()
    assert "No column is called “number”" in text(client.get(address))


def test_no_file_and_no_system_are_said_at_the_form(owner):
    client = signed_in(owner)
    assert "Choose a file." in text(client.post("/console/moving-in/", {"source": "csv"}))
    assert "Choose the system" in text(send(client, source="fax"))


def test_who_reads_portuguese_reads_it_in_portuguese(owner):
    User.objects.filter(pk=owner.user_id).update(language="pt")
    client = signed_in(owner)
    address = send(client).url
    run_job()
    assert "“yesterday” em “opened” não é data e hora" in text(client.get(address))


@pytest.mark.parametrize("role", ["agent", "lead"])
def test_only_an_owner_of_the_book_moves_in(owner, role):
    client = signed_in(make_agent(owner.desk, "Bala", role=role))
    assert "Moving in" not in text(client.get("/console/settings/"))
    assert client.get("/console/moving-in/").status_code == 404
    assert send(client).status_code == 404


@pytest.mark.parametrize("name", ["മലയാളം" * 40 + ".csv", "e" * 300 + ".csv", "-rf.csv", "a\n.csv"])
def test_a_file_of_any_name_is_read(owner, name):
    file = SimpleUploadedFile(name, EXPORT.encode())
    signed_in(owner).post("/console/moving-in/", {"source": "csv", "file": file})
    move = Move.objects.get()
    moving.look_at_move(move.pk)
    move.refresh_from_db()
    assert (move.state, move.found["tickets"]) == (Move.State.READ, 3)


def test_what_crashes_ends_it_as_failed_with_why(owner, monkeypatch):
    client = signed_in(owner)
    address = send(client).url
    run_job()
    client.post(f"{address}/coming")

    def crash(_parts, _shelf, _zone):
        raise LookupError("shelf 9")

    monkeypatch.setitem(SOURCES, "csv", Source("CSV", crash))
    assert run_job().state == "failed"
    page = text(client.get(address))
    assert "LookupError: shelf 9" in page and "Taking it in" not in page
    assert (
        "“yesterday” in “opened” is no date and time" in page
    )  # what was left out is listed still
