"""What one due time costs, warm: `python -m bench.engine_time`. Target: a median of 20 µs at
most.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from deskbook.book.hours_cases import run
from deskbook.engine.amounts import parse_amount
from deskbook.engine.calendar import Calendar, Closure, ClosureRule, parse_window
from deskbook.engine.spans import due, explain

START = datetime(2026, 1, 1, tzinfo=UTC)


def calendar() -> Calendar:
    """Weekdays and two Saturdays a month, with ten closures a year for three years."""
    first = START.replace(tzinfo=None)
    holidays = [
        Closure(first + timedelta(days=36 * n), first + timedelta(days=36 * n + 1))
        for n in range(30)
    ]
    return Calendar(
        "America/Toronto",
        dict.fromkeys(range(6), (parse_window("08:00-12:00"), parse_window("13:00-20:00"))),
        closures=(*holidays, ClosureRule(5, 2), ClosureRule(5, 4)),
    )


def median_micros(act: Callable[[datetime], object]) -> float:
    """The median cost of one call over 5,000 starts, spread over two years."""
    costs = []
    for number in range(5_000):
        start = START + timedelta(minutes=211 * number)
        began = time.perf_counter_ns()
        act(start)
        costs.append(time.perf_counter_ns() - began)
    return statistics.median(costs) / 1_000


def main() -> None:
    desk = calendar()
    began = time.perf_counter()
    desk.is_open(START)
    lines = [f"first question of a calendar: {(time.perf_counter() - began) * 1_000:.1f} ms"]
    for spoken in ("5bd", "1/2 bd", "15h", "end of 5bd", "5d"):
        amount = parse_amount(spoken)
        lines.append(
            f"due {spoken}: {median_micros(lambda at, amount=amount: due(desk, at, amount)):.1f} µs"
        )
    two_hours, five_days = parse_amount("2h"), parse_amount("5bd")
    lines.append(
        "due 2h doubled:"
        f" {median_micros(lambda at: due(desk, at, two_hours, after_hours=2)):.1f} µs"
    )
    pause = timedelta(days=1)
    paused = median_micros(
        lambda at: due(desk, at, five_days, pauses=[(at + pause, at + 2 * pause)])
    )
    lines.append(f"due 5bd with a pause: {paused:.1f} µs")
    lines.append(f"explain 5bd: {median_micros(lambda at: explain(desk, at, five_days)):.0f} µs")
    cases = [
        json.dumps({"from": (START + timedelta(minutes=631 * n)).isoformat(), "add": "3bd"})
        for n in range(10_000)
    ]
    began = time.perf_counter()
    answers = sum("due" in found for found in run(calendar(), cases))
    lines.append(f"{answers} cases of `deskbook hours`: {time.perf_counter() - began:.2f} s")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
