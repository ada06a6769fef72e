"""The agents' screens, from the outside."""

import gzip
import re
from datetime import timedelta
from pathlib import Path

import brotli
from django.contrib.staticfiles import finders
from django.utils import timezone

from deskbook.jobs.letters import carry_answer
from deskbook.people.models import Agent
from deskbook.tickets.conversation import answer_ticket, note_on_ticket
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.relations import merge_ticket
from deskbook.tickets.thread import NEWEST
from deskbook.web.console.ticket import timeline
from deskbook.web.console.ticket.story import story_of
from tests.people_factory import make_desk


def test_the_inbox_shows_the_open_case_with_its_due_time(console, case):
    page = console.get("/console/?queue=unassigned").content.decode()
    assert str(case) in page
    assert case.subject in page
    assert "data-countdown" in page


def test_an_empty_queue_says_so(console, case):
    assert "Nothing is yours right now." in console.get("/console/").content.decode()


def test_a_queue_can_be_narrowed_by_severity(console, case):
    assert case.subject in console.get("/console/?queue=open&severity=s2").content.decode()
    assert (
        "Nothing matches these filters"
        in console.get("/console/?queue=open&severity=s4").content.decode()
    )


def test_every_queue_opens(console, case):
    for queue in (
        "mine",
        "teams",
        "unassigned",
        "breached",
        "waiting",
        "open",
        "closed",
        "team:anything",
    ):
        assert console.get(f"/console/?queue={queue}").status_code == 200


def test_as_many_are_due_or_late_as_the_list_of_them_holds(console, open_case):
    soon, late, later = (open_case(f"Case {n}") for n in range(3))
    now = timezone.now()
    for ticket, hours in ((soon, 3), (late, -1), (later, 90)):
        Ticket.objects.filter(pk=ticket.pk).update(due_order_at=now + timedelta(hours=hours))
    page = console.get("/console/?queue=breached").content.decode()
    assert [f'id="t{ticket}"' in page for ticket in (soon, late, later)] == [True, True, False]
    rail = page[page.index('id="queues"') :]
    due = rail[rail.index("queue=breached") :].partition("</a>")[0]
    assert ">2</span>" in due


def test_a_queue_goes_on_where_the_page_ended(console, open_case):
    numbers = [str(open_case(f"Case {n}")) for n in range(53)]
    first = console.get("/console/?queue=open")
    older = first.content.decode().split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = console.get("/console/" + older).content.decode()
    shown = [number for number in numbers if f'id="t{number}"' in second]
    assert len(shown) == 3
    assert not any(f'id="t{number}"' in first.content.decode() for number in shown)


def test_a_search_goes_on_until_everything_it_found_was_shown(console, open_case):
    numbers = {str(open_case(f"Payroll {n}")) for n in range(53)}
    first = console.get("/console/search?q=payroll").content.decode()
    more = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = console.get("/console/search" + more).content.decode()
    shown = [
        {number for number in numbers if f'id="t{number}"' in page} for page in (first, second)
    ]
    assert [len(page) for page in shown] == [50, 3]
    assert shown[0] | shown[1] == numbers
    assert 'rel="next"' not in second


def test_a_page_key_nobody_gave_shows_the_first_page(console, case):
    assert case.subject in console.get("/console/?queue=open&after=rubbish").content.decode()


def test_words_find_the_case_and_its_number_opens_it(console, case):
    assert case.subject in console.get("/console/search?q=payroll").content.decode()
    assert (
        console.get(f"/console/search?q={case}").headers["Location"] == f"/console/tickets/{case}"
    )
    assert (
        console.get("/console/search", {"q": f"#{case.number}"}).headers["Location"]
        == f"/console/tickets/{case}"
    )
    for who in ("chitra@sparkrock-customer.example", "Chitra"):
        assert case.subject in console.get("/console/search", {"q": who}).content.decode()
    assert "Nothing was found" in console.get("/console/search?q=zebra").content.decode()
    assert (
        case.subject
        in console.get(f"/console/search?requester={case.requester_id}").content.decode()
    )


def test_a_bare_number_shows_its_ticket_first_and_what_was_written_with_it(console, open_case):
    first = open_case("The first")
    other = open_case(f"Room {first.number} is cold")
    page = console.get("/console/search", {"q": str(first.number)}).content.decode()
    assert 0 < page.index(f'id="t{first}"') < page.index(f'id="t{other}"')
    assert page.count(f'id="t{first}"') == 1


def test_a_word_that_ends_in_a_number_is_searched_for(console, open_case):
    open_case("Other")
    case = open_case("Form for COVID-1 tests")
    assert f'id="t{case}"' in console.get("/console/search", {"q": "COVID-1"}).content.decode()


def test_the_ticket_shows_what_was_said_what_is_due_and_the_answer_box(console, case, at_ticket):
    page = console.get(at_ticket()).content.decode()
    assert "Since this morning nothing is in it." in page
    assert "next-due" in page
    assert 'name="text"' in page


def test_why_this_time_lists_the_spans(console, case, at_ticket):
    whole = console.get(at_ticket("why/response")).content.decode()
    part = console.get(at_ticket("why/response"), headers={"HX-Request": "true"}).content.decode()
    assert "Started" in whole
    assert "<table" in part
    assert "<html" not in part
    assert console.get(at_ticket("why/nonsense")).status_code == 404


def test_html_of_a_stranger_is_shown_without_its_scripts_and_files_are_listed(
    console, case, asha, at_ticket
):
    file = File("log.txt", "text/plain", b"line")
    answer_ticket(case, Written("See the file.", files=[file]), at=timezone.now(), by=asha)
    page = console.get(at_ticket()).content.decode()
    assert "log.txt" in page
    address = page.split('<div class="files"><a href="')[1].split('"')[0]
    assert console.get(address).content == b"line"


def test_a_long_story_begins_near_its_end(console, case, asha, at_ticket):
    for n in range(125):
        note_on_ticket(case, Written(f"note {n:03}"), at=timezone.now(), by=asha)
    page = console.get(at_ticket()).content.decode()
    assert "note 124" in page
    assert "note 000" not in page
    before = re.search(r'href="(\?before=[^"]+)"', page)[1]
    earlier = console.get(at_ticket() + before).content.decode()
    assert ("note 000" in earlier, "note 124" in earlier, "?before=" in earlier) == (
        True,
        False,
        False,
    )


def test_no_page_of_a_story_is_long_and_its_pages_together_tell_all_of_it_once(
    console, case, open_case, asha, at_ticket, monkeypatch
):
    monkeypatch.setattr(timeline, "SHOWN", 10)
    other = open_case("The same again")
    for n in range(17):
        note_on_ticket(case, Written(f"here {n:03}."), at=timezone.now(), by=asha)
        note_on_ticket(other, Written(f"there {n:03}."), at=timezone.now(), by=asha)
    merge_ticket(other, case, at=timezone.now(), by=asha)
    told, page, where = [], "", "?"
    while where:
        page = console.get(at_ticket() + where).content.decode()
        words = re.findall(
            r"(?:here|there) \d{3}\.", page.partition('id="timeline"')[2].partition("<form")[0]
        )
        assert 0 < len(re.findall(r'id="e(?:\d|m\d)', page)) <= 10
        told = words + told
        where = (re.search(r'href="(\?before=[^"]+)"', page) or ["", ""])[1]
    assert told == [f"{place} {n:03}." for n in range(17) for place in ("here", "there")]
    assert "Show the newest" in page
    for odd in ("all=1", "before=x", f"before={'9' * 25}.1", f"before={'9' * 19}.{'9' * 19}"):
        assert "here 016." in console.get(at_ticket() + "?" + odd).content.decode()


def test_a_note_of_a_ticket_that_was_merged_in_is_called_a_note(
    console, case, open_case, asha, at_ticket
):
    other = open_case("The same again")
    note_on_ticket(other, Written("Ask the maker first."), at=timezone.now(), by=asha)
    answer_ticket(other, Written("We look into it."), at=timezone.now(), by=asha)
    merge_ticket(other, case, at=timezone.now(), by=asha)
    page = console.get(at_ticket()).content.decode()
    for did in ("noted, for the desk only", "answered", "wrote"):
        assert f"{did} · merged in from {other}" in page


def test_a_list_of_fifty_costs_as_many_queries_as_a_list_of_one(
    console, open_case, case, django_assert_max_num_queries
):
    console.get("/console/?queue=open")
    with django_assert_max_num_queries(8):
        console.get("/console/?queue=open")
    for n in range(49):
        open_case(f"Case {n}")
    with django_assert_max_num_queries(8):
        console.get("/console/?queue=open")


def test_a_ticket_costs_as_many_queries_however_long_its_story(
    console, case, asha, at_ticket, django_assert_max_num_queries
):
    for n in range(20):
        answered = answer_ticket(case, Written(f"answer {n}"), at=timezone.now(), by=asha)
        carry_answer(answered.entries[0].pk)
    console.get(at_ticket())
    with django_assert_max_num_queries(20):
        console.get(at_ticket() + "?queue=open")


def test_the_first_view_of_the_console_stays_under_42_kilobytes_on_the_wire(console, open_case):
    """As browsers take it: static files compressed by brotli beforehand, the page as it is made."""
    for n in range(60):
        open_case(f"Case {n}")
    page = console.get("/console/?queue=open").content
    parts = set(re.findall(r'(?:src|href)="/static/([^"#]+)', page.decode()))
    sizes = [len(brotli.compress(Path(finders.find(part)).read_bytes())) for part in parts]
    assert len(gzip.compress(page)) + sum(sizes) < 42_000


def test_an_agent_of_two_desks_changes_between_them(console, case, asha):
    mukta = make_desk("mukta")
    Agent.objects.create(user=asha.user, desk=mukta)
    assert "?desk=mukta" in console.get("/console/?queue=open&desk=sparkrock").content.decode()
    there = console.get("/console/?queue=open&desk=mukta").content.decode()
    assert case.subject not in there
    assert case.subject not in console.get("/console/?queue=open").content.decode()  # remembered
    assert case.subject in console.get("/console/?queue=open&desk=sparkrock").content.decode()


def test_no_key_goes_to_two_screens(console, case):
    page = console.get("/console/").content.decode()
    keys = re.findall(r'data-key="([^"]+)"', page)
    assert len(keys) == len(set(keys)), sorted(key for key in keys if keys.count(key) > 1)
    helped = re.findall(r"<kbd>(g .)</kbd>", page)
    assert {key for key in keys if key.startswith("g ")} <= set(helped)
    assert len(helped) == len(set(helped)), helped


def test_the_other_desks_stand_beside_this_ones_name_on_the_rail_and_the_ways_people_come_below_the_queues(
    console, asha
):
    Agent.objects.create(desk=make_desk("mukta"), user=asha.user)
    rail = console.get("/console/").content.decode().split('id="content"')[0]
    named = [
        rail.index(f'aria-label="{name}"')
        for name in ("Other desks", "Queues", "Channels", "Desk", "Held back")
    ]
    assert named == sorted(named)


def test_a_long_message_is_cut_on_the_page_and_whole_at_its_own_address(
    console, case, asha, at_ticket
):
    long = "<i>begins</i> " + "word " * 30_000 + "ends"
    answer_ticket(
        case, Written(long, html=f"<p>{'word ' * 30_000}</p>"), at=timezone.now(), by=asha
    )
    page = console.get(at_ticket()).content.decode()
    assert len(page) < 100_000
    assert "&lt;i&gt;begins" in page
    whole = console.get(page.split('<a href="/messages/')[1].split('"')[0].join(("/messages/", "")))
    assert whole.content.decode() == long
    assert whole.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_what_a_page_does_not_show_is_not_read_for_it(console, case, asha, at_ticket):
    for n in range(140):
        note_on_ticket(case, Written(f"note {n:03}"), at=timezone.now(), by=asha)
    notes = list(case.messages.filter(kind="note").order_by("pk").values_list("pk", flat=True))
    page = console.get(at_ticket()).content.decode()
    assert "note 139" in page and "note 019" not in page
    story = story_of(case.pk, timeline.SHOWN + 1, before=NEWEST, phone="phone")
    read = {message.id for message in story.said}
    assert notes[-1] in read
    # The number of one may be that of an agent, which is looked up too.
    assert not set(notes[:20]) <= read


def test_what_is_not_there_leads_an_agent_back_to_their_inbox_and_others_to_help(console, case):
    missing = console.get("/console/tickets/SPR-999")
    assert missing.status_code == 404
    assert 'href="/console/">Back to the inbox</a>' in missing.content.decode()
    assert 'href="/">Get help</a>' in console.get("/nowhere").content.decode()
