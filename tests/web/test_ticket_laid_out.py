"""How a ticket is laid out: days divided, quiet events folded, and what is set beside the story."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from deskbook.tickets.assignment import assign_ticket
from deskbook.tickets.conversation import note_on_ticket
from deskbook.tickets.messages import Written
from deskbook.web.console.shared.deliveries import Fate
from deskbook.web.console.ticket.folded import FOLDED_FROM, STILL_SHOWN, Day, Fold, laid_out
from deskbook.web.console.ticket.timeline import Item

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LOST = Fate(wrong=[("came back", "red")])


def _quiet(n, at=NOON):
    return Item("event", at + timedelta(minutes=n), n, f"event {n}", "icon")


def _spread(shown):
    """Every entry that stands somewhere on the page, in its order."""
    for one in shown:
        if isinstance(one, Fold):
            yield from one.items
        elif not isinstance(one, Day):
            yield one


entries = st.lists(
    st.builds(
        Item,
        kind=st.sampled_from(["event", "event", "event", "answer", "elsewhere"]),
        at=st.one_of(st.none(), st.integers(0, 200).map(lambda h: NOON + timedelta(hours=h))),
        tone=st.sampled_from(["", "", "late"]),
        fate=st.sampled_from([None, Fate(quiet="sent"), LOST]),
    ),
    max_size=30,
)


@given(entries)
def test_whatever_happened_stands_on_the_page_once_and_in_its_order(story):
    assert list(_spread(laid_out(story))) == story


@given(entries)
def test_only_what_asks_nobody_to_look_is_folded(story):
    folded = [item for one in laid_out(story) if isinstance(one, Fold) for item in one.items]
    assert all(item.kind == "event" and not item.tone for item in folded)
    assert not any(item.fate and item.fate.wrong for item in folded)


def test_of_a_long_run_the_newest_two_stay_in_sight():
    shown = list(laid_out(_quiet(n) for n in range(FOLDED_FROM)))
    assert [type(one) for one in shown] == [Day, Fold, Item, Item]
    assert shown[1].text == f"event 0 and {FOLDED_FROM - STILL_SHOWN - 1} more"


def test_a_short_run_is_not_folded():
    shown = list(laid_out(_quiet(n) for n in range(FOLDED_FROM - 1)))
    assert not any(isinstance(one, Fold) for one in shown)


def test_a_day_begins_at_midnight_where_the_reader_is():
    late, early = NOON.replace(hour=18, minute=29), NOON.replace(hour=18, minute=31)
    story = [Item("answer", at) for at in (late, early)]
    with timezone.override("Asia/Kolkata"):
        days = [one.text for one in laid_out(story) if isinstance(one, Day)]
    with timezone.override("UTC"):
        assert len([one for one in laid_out(story) if isinstance(one, Day)]) == 1
    assert [text.partition(" 2026")[0] for text in days] == ["Mon 2 Mar", "Tue 3 Mar"]


@pytest.mark.django_db
def test_what_is_not_set_and_cannot_be_is_left_out_and_what_can_be_done_stands_under_more(
    console, case, asha, at_ticket
):
    assign_ticket(case, asha, at=timezone.now(), by=asha)
    note_on_ticket(case, Written("Looked at it."), at=timezone.now(), by=asha)
    page = console.get(at_ticket()).content.decode()
    beside, more = page.split('id="more-acts"')
    assert 'id="fact-assignment"' in beside
    assert 'id="fact-merge"' in more
    assert 'id="fact-merge"' not in beside
    assert not re.search(r'class="fact fixed">\s*<span[^>]*>[^<]*</span>\s*<span[^>]*>–', page)


@pytest.mark.django_db
def test_an_act_that_was_refused_stands_in_sight_with_what_was_wrong(console, case, at_ticket):
    refused = console.post(f"{at_ticket()}/merge", {"other": "SPR-999999", "client_key": "k"})
    beside = refused.content.decode().split('id="more-acts"')[0]
    assert 'id="fact-merge" open' in re.sub(r"\s+", " ", beside)
    assert "SPR-999999" in beside
