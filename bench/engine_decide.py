"""One decision with its application to the state, on cases of a month lived through: the median, in
microseconds.

python -m bench.engine_decide
"""

import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from deskbook.book.load import load_book
from deskbook.demo.desk_files import phrases_of
from deskbook.engine.amounts import parse_amount
from deskbook.engine.apply import apply
from deskbook.engine.clocks import readings
from deskbook.engine.decide_conversation import decide_answer, decide_ask, decide_requester_message
from deskbook.engine.spans import due
from deskbook.engine.ticket import Actor, Entry
from deskbook.engine.wake import next_wake_at
from deskbook.lives.course import Scene
from deskbook.lives.life import Period, lives
from deskbook.lives.population import Population, Requester, Worker

NOW = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)
ASHA, CHITRA = Actor("agent", "1", ("support",)), Actor("contact", "1")


def main():
    desk = load_book(Path(__file__).parents[1] / "books" / "sparkrock.yaml").desk_or_raise()
    people = Population((Requester("1", "1", "standard"),), (Worker("1", ("support",)),))
    began = time.perf_counter()
    month = list(
        lives(
            Scene(desk, people, phrases_of("sparkrock")),
            Period(NOW - timedelta(days=30), NOW, 30, NOW),
        )
    )
    lived_in = time.perf_counter() - began
    states = [
        life.state for life in month if life.state.closed_at is None and not life.state.merged_into
    ]
    acts = {
        "answer": lambda s: decide_answer(desk, s, "9", at=NOW, by=ASHA),
        "ask": lambda s: decide_ask(desk, s, "9", (), at=NOW, by=ASHA),
        "requester writes": lambda s: decide_requester_message(
            desk, s, "9", "email", at=NOW, by=CHITRA
        ),
    }
    for name, decide in acts.items():
        _say(
            f"decide and apply: {name}",
            [_timed(lambda s=s, d=decide: _applied(s, d(s), ASHA)) for s in states * 20],
        )
    _say(
        "every clock of a case (readings)",
        [_timed(lambda s=s: readings(desk, s)) for s in states * 5],
    )
    _say("when to wake it next", [_timed(lambda s=s: next_wake_at(desk, s)) for s in states * 5])
    calendar, five_days = desk.calendars[desk.hours], parse_amount("5bd")
    starts = [life.state.opened_at for life in month] * 5
    _say(
        "one due time, 5 business days",
        [_timed(lambda at=at: due(calendar, at, five_days)) for at in starts],
    )
    entries = sum(len(life.entries) for life in month)
    sys.stdout.write(
        f"whole lives: {len(month) / lived_in:,.0f} cases a second, {entries / lived_in:,.0f}"
        " entries\n"
    )


def _applied(state, decision, by):
    for event in decision if isinstance(decision, tuple) else ():
        state = apply(state, Entry(state.seq + 1, NOW, by, event))
    return state


def _timed(act):
    start = time.perf_counter()
    act()
    return 1e6 * (time.perf_counter() - start)


def _say(what, microseconds):
    ordered = sorted(microseconds)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    sys.stdout.write(f"{what:<36} median {median(ordered):6.1f} µs, p95 {p95:6.1f} µs\n")


if __name__ == "__main__":
    main()
