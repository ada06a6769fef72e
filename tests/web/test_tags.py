"""Words the desk puts on its cases, and lists narrowed by them."""

import pytest
from django.utils import timezone

from deskbook.refusals.refusal import Refused
from deskbook.tickets.snoozing import snooze_ticket
from deskbook.tickets.stages import close_ticket
from deskbook.tickets.tags import known_tags, tag_ticket
from deskbook.tickets.verify import broken_links
from tests.web.test_undoing import undo_of


@pytest.fixture
def tag(asha):
    def tagged(ticket, *put, off=()):
        return tag_ticket(ticket, put, off, at=timezone.now(), by=asha).ticket

    return tagged


def test_a_tag_is_put_on_and_seen_on_the_case_in_the_list_and_in_its_story(
    console, at_ticket, case
):
    console.post(at_ticket("tags"), {"put": "Payroll,  Year  End, payroll"})

    case.refresh_from_db()
    assert case.tags == ["payroll", "year end"]
    page = console.get(at_ticket()).content.decode()
    assert "Asha put tags on: payroll, year end" in page
    assert ">year end</a>" in page
    listed = console.get("/console/?queue=open").content.decode()
    assert '<span class="tag">year end</span>' in listed


def test_what_is_ticked_comes_off_and_the_rest_stays(console, at_ticket, case, tag):
    tag(case, "a", "b", "c")

    console.post(at_ticket("tags"), {"put": "d", "off": ["b"]})

    case.refresh_from_db()
    assert case.tags == ["a", "c", "d"]


@pytest.mark.parametrize("typed", ["chitra@northwind.example", "x" * 41, "<b>"])
def test_what_is_no_tag_is_refused_and_stays_as_it_was_typed(console, at_ticket, case, typed):
    page = console.post(at_ticket("tags"), {"put": typed})

    assert page.status_code == 409
    assert "is no tag" in page.content.decode()
    case.refresh_from_db()
    assert case.tags == []


def test_a_case_has_no_more_tags_than_are_read_at_a_glance(case, tag):
    tag(case, *map(str, range(20)))

    with pytest.raises(Refused):
        tag(case, "one more")
    tag(case, "one more", off=["0"])


def test_a_closed_case_is_tagged_too_and_a_snoozed_one_stays_set_aside(case, tag, asha):
    snooze_ticket(case, None, at=timezone.now(), by=asha)
    tag(case, "later")
    case.refresh_from_db()
    assert case.turn == "snoozed"

    close_ticket(case, at=timezone.now(), by=case.requester)
    tag(case, "seen")
    case.refresh_from_db()
    assert case.tags == ["later", "seen"]
    assert list(broken_links([case])) == []


def test_lists_and_searches_are_narrowed_by_a_tag(console, open_case, tag):
    tag(open_case("Tagged one"), "year end")
    open_case("Another one")

    for address in ("/console/?queue=open&tag=Year+end", "/console/search?q=tag:%22year%20end%22"):
        page = console.get(address).content.decode()
        assert "Tagged one" in page
        assert "Another one" not in page


def test_known_tags_are_offered_those_used_most_first(console, open_case, tag, asha):
    for subject, tags in (("A", ("pay", "payroll")), ("B", ("payroll",)), ("C", ("other",))):
        tag(open_case(subject), *tags)

    assert known_tags(asha, "PAY", most=8) == [("payroll", 2), ("pay", 1)]
    offered = console.get("/console/suggestions/tags?q=other, pay").content.decode()
    assert 'data-value="other, payroll"' in offered
    assert 'data-value="other"' not in offered


def test_a_tag_just_put_on_is_undone(console, at_ticket, case, settings):
    settings.DESKBOOK_UNDO = True
    page = console.post(at_ticket("tags"), {"put": "wrong"}, follow=True)

    console.post(*undo_of(page))

    case.refresh_from_db()
    assert case.tags == []
