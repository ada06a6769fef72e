"""What is to leave is in one worker's hands at a time, and what came of it is said whatever happens
to that worker.
"""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection
from django.utils import timezone

from deskbook.channels.sms.models import TextMessage
from deskbook.delivery.outbox import Outcome, TryAgain, drop, in_hand, send_again, settle, try_now
from deskbook.delivery.patience import LONGEST_PAUSE, SHORTEST_PAUSE, next_try
from deskbook.delivery.states import State
from deskbook.people.refusals import in_words
from tests.people_factory import make_agent, make_desk

NOW = timezone.now()


@pytest.fixture
def text(db):
    return make_text()


def make_text(key="a", **more):
    desk = TextMessage.objects.first().desk if TextMessage.objects.exists() else make_desk("mukta")
    given = {
        "number": "+919437012345",
        "text": "Hello",
        "queued_at": NOW,
        "next_try_at": NOW,
        **more,
    }
    return TextMessage.objects.create(desk=desk, key=key, **given)


def texts():
    return TextMessage.objects.order_by("pk")


def elsewhere(do):
    """Do something as another worker does: in a thread, with a connection that ends with it."""

    def work():
        try:
            do()
        finally:
            connection.close()

    other = Thread(target=work)
    other.start()
    other.join()


def as_it_is(text):
    text.refresh_from_db()
    return text


@pytest.mark.django_db(transaction=True)
def test_what_one_worker_has_in_hand_no_other_takes():
    text, found = make_text(), []

    def take():
        with in_hand(texts(), at=NOW + timedelta(hours=1)) as taken:
            found.append(taken)

    with in_hand(texts(), at=NOW):
        assert as_it_is(text).state == State.IN_HAND
        elsewhere(take)
    assert found == [None]


@pytest.mark.django_db(transaction=True)
def test_of_two_that_wait_two_workers_take_one_each():
    first, second = make_text(), make_text("b")
    found = []

    def take():
        with in_hand(texts(), at=NOW) as taken:
            found.append(taken.row.pk)

    with in_hand(texts(), at=NOW) as taken:
        elsewhere(take)
        assert (taken.row.pk, found) == (first.pk, [second.pk])


@pytest.mark.django_db(transaction=True)
def test_what_a_worker_that_died_had_in_hand_is_taken_again_after_the_lease_by_one_that_is_told():
    text = make_text()

    def dies():
        hands = in_hand(texts(), at=NOW, lease=timedelta(minutes=3))
        hands.__enter__()  # and never leaves: its connection ends as the process does

    elsewhere(dies)
    assert as_it_is(text).state == State.IN_HAND
    with in_hand(texts(), at=NOW + timedelta(minutes=2)) as taken:
        assert taken is None
    with in_hand(texts(), at=NOW + timedelta(minutes=3)) as taken:
        assert (taken.row, taken.was_left, taken.row.attempts) == (text, True, 2)
        settle(taken, Outcome(State.HANDED_OVER))
    assert as_it_is(text).state == State.HANDED_OVER


def test_what_is_known_better_meanwhile_stays(text):
    with in_hand(texts(), at=NOW) as taken:
        texts().update(state=State.BOUNCED, reason="It came back.")
        assert settle(taken, Outcome(State.HANDED_OVER)) is None
    assert (taken.row.state, as_it_is(text).state, text.reason) == (
        State.BOUNCED,
        State.BOUNCED,
        "It came back.",
    )


def test_what_waits_is_tried_again_after_as_long_as_it_has_waited_so_far():
    waited = [timedelta(), timedelta(seconds=4), timedelta(minutes=7), timedelta(days=1)]
    pauses = [next_try(NOW, at=NOW + so_far) - NOW - so_far for so_far in waited]
    assert pauses == [SHORTEST_PAUSE, timedelta(seconds=4), timedelta(minutes=7), LONGEST_PAUSE]


@pytest.mark.parametrize(
    ("tried_for", "expected"),
    [
        (timedelta(days=1), State.GIVEN_UP),
        (timedelta(days=2), State.WAITING),
        (None, State.WAITING),
    ],
)
def test_what_is_not_taken_for_as_long_as_there_is_use_is_given_up(text, tried_for, expected):
    with in_hand(texts(), at=NOW + timedelta(days=1)) as taken:
        settle(
            taken,
            Outcome(State.WAITING, "busy", tried_for=tried_for, at_last="not taken for a day"),
        )
    given_up = expected == State.GIVEN_UP
    assert (as_it_is(text).state, text.reason) == (
        expected,
        "not taken for a day" if given_up else "busy",
    )
    assert (text.next_try_at is None, text.ended_at is None) == (given_up, not given_up)


def test_what_was_given_to_nobody_is_no_attempt(text):
    with in_hand(texts(), at=NOW) as taken:
        settle(taken, Outcome(State.WAITING, "full", NOW + timedelta(minutes=1), untried=True))
    assert (as_it_is(text).attempts, text.tried_at, text.next_try_at) == (
        0,
        None,
        NOW + timedelta(minutes=1),
    )


def test_a_program_that_fails_keeps_why_and_tries_again(text):
    with pytest.raises(UnicodeError), in_hand(texts(), at=NOW):
        raise UnicodeError("label too long")
    assert as_it_is(text).state == State.WAITING
    assert "label too long" in in_words(text.reason)
    assert text.next_try_at == NOW + SHORTEST_PAUSE


def test_what_a_channel_does_not_know_yet_stays_in_hand(text):
    with pytest.raises(TryAgain), in_hand(texts(), at=NOW, lease=timedelta(minutes=2)):
        raise TryAgain("Whether it was taken is not known yet.")
    assert (as_it_is(text).state, text.next_try_at) == (State.IN_HAND, NOW + timedelta(minutes=2))


@pytest.mark.parametrize("state", [State.HELD, State.BOUNCED, State.GIVEN_UP])
def test_what_is_left_over_is_sent_again_once_or_dropped_once_by_somebody_who_is_named(text, state):
    texts().update(state=state, reason="Busy.", attempts=7)
    later = NOW + timedelta(days=2)
    assert send_again(texts(), at=later) == [text.pk]
    assert send_again(texts(), at=later) == []
    assert (as_it_is(text).state, text.attempts, text.queued_at, text.reason) == (
        State.WAITING,
        0,
        later,
        "",
    )
    texts().update(state=state, reason="Busy.")
    asha = make_agent(text.desk, "Asha")
    assert drop(texts(), at=later, by=asha) == [text.pk]
    assert drop(texts(), at=later, by=asha) == []
    assert (as_it_is(text).state, text.dropped_by) == (State.DROPPED, f"agent:{asha.pk}")
    assert in_words(text.reason) == "Discarded by Asha. Busy."


def test_who_put_something_right_lets_all_that_waits_try_now_and_not_what_waits_for_something_else(
    text,
):
    later = NOW + timedelta(minutes=20)
    texts().update(next_try_at=later)
    make_text("for them to write", next_try_at=None)
    assert try_now(texts(), at=NOW) == [text.pk]
    assert as_it_is(text).next_try_at == NOW
