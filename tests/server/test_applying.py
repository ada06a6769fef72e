"""The first commands of somebody who has just installed it, as the guide writes them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from deskbook.server.embedded_postgres import running
from tests.channels.walk_in.counter_book import ALWAYS, offering_no_login
from tests.stories.kept_commands import KeptCommands

GUIDE = (Path(__file__).parents[2] / "docs/book/index.md").read_text()
SMALLEST = re.search(r"## 1 The smallest book\n\n```yaml\n(.*?)```", GUIDE, re.DOTALL)[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("applying")


@pytest.fixture(scope="module")
def kept(folder):
    """What runs commands on a database that stays up while these tests last."""
    (folder / "var").mkdir()
    with running(folder / "var/postgres", throw_away=True) as url:
        settings = {**settings_of(folder), "DATABASE_URL": url}
        kept = KeptCommands({**os.environ, **settings}, folder / "said.txt")
        yield kept
        kept.end()


@pytest.fixture
def run(kept):
    """Return a function that runs a command there, and returns what it says."""

    def run(*words, ends_in=0):
        said = kept.run([words], ends_in)
        assert "Traceback" not in said, said
        return said

    return run


def settings_of(folder):
    return {
        "DESKBOOK_DATA": str(folder / "var"),
        "DATABASE_URL": "",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }


def commands_in(folder):
    """Return a function that runs a command as a process of its own, as a person does, and returns
    what it says; of one that is refused, what it says of that too.
    """

    def run(*words, ends_in=0):
        command = [sys.executable, "-m", "deskbook", *words]
        settings = {**os.environ, **settings_of(folder)}
        done = subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True)
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode == ends_in, done.stderr
        return done.stdout + (done.stderr if ends_in else "")

    return run


def test_the_guides_first_commands_work_before_the_desk_was_ever_started(tmp_path):
    run = commands_in(tmp_path)
    (tmp_path / "harbour.yaml").write_text(SMALLEST)
    assert run("check", "harbour.yaml") == "harbour.yaml: no findings\n"
    assert run("apply", "harbour.yaml") == "Harbour Housing IT runs on version 1 of its book.\n"
    link = run("invite", "you@harbour.example", "--desk", "harbour", "--role", "owner")
    assert re.search(
        r"once and within a day: http://127\.0\.0\.1:8000/first/#[0-9A-Z-]{14}\n$", link
    )
    (tmp_path / "harbour.yaml").write_text(SMALLEST.replace("mail: [it@harbour.example]\n", ""))
    said = run("apply", "harbour.yaml")
    assert (
        "It takes no mail: the book names no address. Add the desk's own, like mail:"
        " [help@desk.example]." in said
    )


PARKING = SMALLEST + "\nstages: { New: {}, Parked: {}, Closed: { closed: yes } }\n"
OPEN = """
from django.utils import timezone
from deskbook.people.models import HelpDesk
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.stages import move_ticket
from tests.people_factory import make_agent, make_contact
now, desk = timezone.now(), HelpDesk.objects.get(key="harbour")
chitra, asha = make_contact(desk), make_agent(desk)
opened = open_ticket(chitra, NewCase("Bin", Written("Full."), "portal"), at=now, by=chitra)
move_ticket(opened.ticket, "parked", at=now, by=asha)
"""


def test_open_tickets_are_carried_over_once_it_is_said_what_a_dropped_stage_becomes(run, folder):
    book = folder / "harbour.yaml"
    book.write_text(PARKING)
    run("apply", str(book))
    run("manage", "shell", "-c", OPEN)
    book.write_text(PARKING.replace("Parked: {}, ", ""))
    refused = run("apply", str(book), "--carry-over", ends_in=2)
    assert "stage Parked (1 open ticket): --map 'stage parked=…', one of New, Closed" in refused
    assert "Nothing was changed." in refused
    said = run("apply", str(book), "--carry-over", "--map", "parked=new")
    assert said.startswith("stage Parked → New: 1 open ticket\n")
    assert "runs on version 2 of its book" in said
    assert "1 open tickets were carried over." in said
    back = run("apply", "harbour", "--back", "--carry-over")
    assert "runs on version 3 of its book" in back
    assert "1 open tickets were carried over." in back


TAKE = """
from django.utils import timezone
from deskbook.channels.walk_in.sites import site_of
from deskbook.channels.walk_in.taking import take_token
from deskbook.people.models import HelpDesk
take_token(site_of(HelpDesk.objects.get(key="counter"), "pmu"), "login", at=timezone.now(), key="k" * 32)
"""


def test_a_book_that_drops_a_service_says_how_many_visitors_still_wait_for_it(run, folder):
    book = folder / "counter.yaml"
    book.write_text(ALWAYS)
    assert "still waiting" not in run("apply", str(book))
    run("manage", "shell", "-c", TAKE)
    book.write_text(offering_no_login(ALWAYS))
    said = run("apply", str(book))
    assert "PMU office: 1 still waiting for login, which is not offered" in said
