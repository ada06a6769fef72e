"""The book in the console: read beside what the desk has of its lines."""

import re
from datetime import timedelta

from django.utils import timezone

from deskbook.people.books import apply_book
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.stages import move_ticket
from tests.people_factory import BOOKS

BOOK = "/console/book/"
SPARKROCK = (BOOKS / "sparkrock.yaml").read_text()


def line_of(words):
    """Return the number of the first line of the book that begins so."""
    lines = SPARKROCK.splitlines()
    return next(n for n, line in enumerate(lines, start=1) if line.strip().startswith(words))


def beside(page, line):
    """Return what stands beside a line: text → where it leads."""
    found = re.search(rf'<li id="L{line}".*?</li>', page, re.S)[0]
    notes = re.findall(r'<a href="([^"]*)"[^>]*>\s*(.*?)\s*</a>', found, re.S)
    return {text: href.replace("&amp;", "&") for href, text in notes}


def test_beside_a_target_stands_how_many_clocks_run_by_it_and_which_are_late(
    console, open_case, chitra
):
    old = NewCase("Old", Written("It is empty"), "portal", severity="s2")
    late = open_ticket(chitra, old, at=timezone.now() - timedelta(days=9), by=chitra).ticket
    fresh = open_case("Fresh", "s2")
    notes = beside(console.get(BOOK).content.decode(), line_of("- { severity: S2"))
    assert list(notes) == ["2 clocks run", "1 late"]
    running, overdue = (console.get(address).content.decode() for address in notes.values())
    assert str(late) in running and str(fresh) in running
    assert str(late) in overdue and str(fresh) not in overdue


def test_beside_a_stage_a_severity_and_a_type_stands_what_opens_the_list_of_them(
    console, open_case, asha
):
    move_ticket(open_case(), "on hold", at=timezone.now(), by=asha)
    page = console.get(BOOK).content.decode()
    stage = beside(page, line_of("on hold:"))
    assert stage == {"1 open": "/console/?queue=open&stage=on+hold"}
    listed = console.get(stage["1 open"]).content.decode()
    assert "The payroll report is empty" in listed
    severity = beside(page, line_of("S2:"))
    assert severity == {"1 open": "/console/?queue=open&severity=s2"}


def test_beside_a_team_stands_who_is_on_now(console, asha):
    asha.teams = ["support"]
    asha.save()
    notes = beside(console.get(BOOK).content.decode(), line_of("support: { name"))
    assert notes == {"No roster: Asha": "/console/roster/?team=support"}


def test_an_older_version_is_read_and_downloaded_as_it_was_written(console, desk, case):
    changed = SPARKROCK.replace("respond: 2h,", "respond: 3h,")
    apply_book(desk.key, changed, at=timezone.now(), by=None)
    newest = console.get(BOOK).content.decode()
    assert "version 2, in force" in newest and "1 open ticket follows it" in newest
    older = console.get(BOOK, {"version": 1}).content.decode()
    assert "version 1, not in force" in older
    assert list(beside(older, line_of("- { severity: S2"))) == ["1 clock runs"]
    file = console.get(f"{BOOK}file", {"version": 1})
    assert file.content.decode() == SPARKROCK
    assert file.headers["Content-Disposition"] == 'attachment; filename="sparkrock.yaml"'
    assert console.get(BOOK, {"version": 3}).status_code == 404
