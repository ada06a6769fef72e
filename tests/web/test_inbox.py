"""The inbox says what is to be done next."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from deskbook.tickets.conversation import answer_ticket, ask_requester
from deskbook.tickets.messages import Written
from deskbook.tickets.stages import close_ticket, move_ticket

HOUR = timedelta(hours=1)
ALL_OPEN = "/console/?queue=open"


def numbers(page):
    return re.findall(r'class="row[^"]*"\s+id="t([A-Z]+-\d+)"', page)


def headings(page):
    return [" ".join(found.split()) for found in re.findall(r"<h2[^>]*>([^<]*)</h2>", page)]


@pytest.fixture
def asked(open_case, asha):
    """Its requester is asked something."""
    case = open_case("Which printer")
    ask_requester(case, Written("Which?"), (), at=timezone.now(), by=asha)
    return case


def test_what_others_are_to_do_is_folded_below_what_the_desk_is(console, open_case, asked):
    waits = open_case("Printer")
    page = console.get(ALL_OPEN).content.decode()
    assert headings(page)[:2] == ["Waiting for our answer", "Waiting for others"]
    assert numbers(page) == [str(waits), str(asked)]
    folded = page[page.index("<details") :]
    assert numbers(folded) == [str(asked)]


def test_where_nothing_else_stands_it_is_not_folded(console, asked):
    page = console.get(ALL_OPEN).content.decode()
    assert numbers(page) == [str(asked)]
    assert "<details" not in page[page.index('id="list"') :]


def test_a_queue_of_which_all_would_be_folded_opens_what_stands_first(
    console, open_case, asked, asha
):
    solved = open_case("Printer")
    move_ticket(solved, "complete", at=timezone.now(), by=asha)
    page = console.get(ALL_OPEN).content.decode()
    listed = page[page.index('id="list"') :]
    assert numbers(listed[: listed.index("<details")]) == [str(asked)]
    assert numbers(listed[listed.index("<details") :]) == [str(solved)]


def test_a_line_shows_what_was_written_last(console, open_case, asha):
    answer_ticket(open_case("Printer"), Written("Is it on?"), at=timezone.now(), by=asha)
    assert "Asha: Is it on?" in console.get(ALL_OPEN).content.decode()


def test_page_by_page_each_ticket_is_there_once(console, open_case, asked):
    cases = {str(open_case(f"Case {n}")) for n in range(52)} | {str(asked)}
    first = console.get(ALL_OPEN).content.decode()
    [after] = re.findall(r'rel="next" href="([^"]+)"', first)
    second = console.get("/console/" + after.replace("&amp;", "&")).content.decode()
    assert len(numbers(first)) == 50
    assert sorted(numbers(first) + numbers(second)) == sorted(cases)
    assert headings(second)[:1] == ["Waiting for our answer"]
    assert ">50+<" in first  # and behind it nothing counts a part for the whole
    assert ">2<" not in second[second.index('id="list"') :]


@pytest.mark.parametrize("after", ["9.2026-01-01T00:00:00+00:00_1", "x", "0.x_1", "-1.2026_1"])
def test_a_place_that_is_none_is_the_beginning(console, asked, after):
    page = console.get(ALL_OPEN, {"after": after, "queue": "open"})
    assert numbers(page.content.decode()) == [str(asked)]


def test_after_a_ticket_that_others_act_on_now_comes_what_is_to_be_done_first(
    console, open_case, asked
):
    first, second = open_case("Printer"), open_case("Screen")
    following = {
        str(case): re.findall(
            r'data-key="J"[^>]*href="/console/tickets/([A-Z]+-\d+)|'
            r'href="/console/tickets/([A-Z]+-\d+)[^"]*"[^>]*data-key="J"',
            console.get(f"/console/tickets/{case}?queue=open").content.decode(),
        )
        for case in (first, second, asked)
    }
    named = {case: "".join(found[0]) if found else "" for case, found in following.items()}
    assert named == {str(first): str(second), str(second): str(asked), str(asked): str(first)}


def test_a_heading_counts_what_stands_under_it_or_nothing(console, open_case):
    for severity in ("s1", "s2"):
        case = open_case(severity=severity)
    close_ticket(case, withdrawing=True, at=timezone.now(), by=case.requester)

    def heading(address):
        page = console.get(address).content.decode()
        counted = page.partition('id="queue-count"')[2].partition("</span>")[0]
        return counted.rpartition(">")[2].strip()

    assert heading("/console/?queue=open") == "1"
    assert heading("/console/?queue=open&severity=s1") == ""
    assert heading("/console/?queue=closed") == ""
