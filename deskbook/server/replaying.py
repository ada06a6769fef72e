"""`deskbook replay`: the tickets of the past, lived again by a changed book."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from deskbook.book.commands import day_as_typed
from deskbook.config.refusals import CommandRefused
from deskbook.server.processes import desk

if TYPE_CHECKING:
    from deskbook.people.models import HelpDesk
    from deskbook.tickets.replaying import Replayed, Tally

BY = ("clock", "severity", "level", "team")


def replay(argv: Sequence[str]) -> int:
    """Live the tickets opened since a day again by a book, in a made-up time: what would have been
    late, and who would have had them. Nothing is sent and nothing written.
    """
    parser = argparse.ArgumentParser(prog="deskbook replay", description=replay.__doc__)
    parser.add_argument(
        "book", type=Path, metavar="BOOK", help="its file name without .yaml is the desk's key"
    )
    parser.add_argument(
        "--since",
        required=True,
        type=day_as_typed,
        metavar="DATE",
        help="the first day, on the desk's calendar, on which they were opened",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object with all of it")
    asked = parser.parse_args(argv)
    if not asked.book.is_file():
        raise CommandRefused(f"There is no file {asked.book}.")
    with desk():
        replayed = _replayed(asked)
    say = _as_json if asked.json else _in_words
    sys.stdout.write(say(replayed))
    return 0


def _replayed(asked: argparse.Namespace) -> Replayed:
    from deskbook.people.books import BookRefused, read_book
    from deskbook.tickets.replaying import replay_since

    helpdesk = helpdesk_of(asked.book)
    try:
        new = read_book(helpdesk.key, asked.book.read_text(encoding="utf-8"))
    except BookRefused as error:
        raise CommandRefused(str(error)) from error
    since_at = datetime.combine(asked.since, time(), tzinfo=ZoneInfo(new.zone))
    return replay_since(helpdesk, new, since_at, until_at=datetime.now(UTC))


def helpdesk_of(book: Path) -> HelpDesk:
    """Return the desk a book's file is named after. Raises CommandRefused where there is none."""
    from deskbook.people.models import HelpDesk

    helpdesk = HelpDesk.objects.filter(key=book.stem).first()
    if helpdesk is None:
        said = f"There is no desk {book.stem}: the file's name without .yaml is its key."
        raise CommandRefused(said)
    return helpdesk


def _in_words(replayed: Replayed) -> str:
    lines = [f"{replayed.cases} cases lived again; nothing was sent, nothing written."]
    if replayed.same:
        return "\n".join([*lines, "By this book all would have been as it was.", ""])
    for what in BY:
        was, becomes = (_late_by(tally, what) for tally in (replayed.was, replayed.becomes))
        lines.append(f"late, by {what}")
        for name in sorted(was | becomes):
            before, after = was.get(name, (0, 0)), becomes.get(name, (0, 0))
            lines.append(f"  {name or '(none)'}: {_change(before, after)}")
    lines += service_levels_in_words(replayed)
    lines.append("arrivals, by team")
    arrived, arrives = (_arrivals(tally) for tally in (replayed.was, replayed.becomes))
    lines += [f"  {team}: {arrived[team]} → {arrives[team]}" for team in sorted(arrived | arrives)]
    if replayed.refused:
        lines.append("moves by people to a stage that this book refuses, left out")
        lines += [f"  {stage}: {count}" for stage, count in sorted(replayed.refused.items())]
    return "\n".join([*lines, ""])


def service_levels_in_words(replayed: Replayed) -> list[str]:
    """Returns a line for each period of each service level of the new book."""
    from deskbook.engine.service_levels import Counted, is_reached

    was, becomes = replayed.was.in_time, replayed.becomes.in_time
    lines = ["in time, by service level"] if was or becomes else []
    for level in replayed.levels:
        for period in sorted(one for one in was | becomes if one[0] == level.key):
            before, after = (of.get(period, Counted()) for of in (was, becomes))
            reached = {True: "reached", False: "not reached", None: "not decided"}
            told = [
                f"{one.kept} of {one.kept + one.missed}, {reached[is_reached(level, one)]}"
                for one in (before, after)
            ]
            lines.append(
                f"  {level.title}, {level.each} of {period[1]:%Y-%m-%d}: {' → '.join(told)}"
            )
    return lines


def _change(before: tuple[int, int], after: tuple[int, int]) -> str:
    """Returns "12 of 250 → 20 of 250 (+8)"."""
    more = f" ({after[0] - before[0]:+})" if after[0] != before[0] else ""
    return f"{before[0]} of {before[1]} → {after[0]} of {after[1]}{more}"


def _late_by(tally: Tally, what: str) -> dict[str, tuple[int, int]]:
    """Returns how many clocks were late and how many there were, by one of their sorts."""
    late, all_ = Counter[str](), Counter[str]()
    for sort, count in tally.clocks.items():
        all_[getattr(sort, what)] += count
        late[getattr(sort, what)] += tally.breaches[sort]
    return {name: (late[name], count) for name, count in all_.items()}


def _arrivals(tally: Tally) -> Counter[str]:
    found = Counter[str]()
    for (_, team), count in tally.arrivals.items():
        found[team] += count
    return found


def _as_json(replayed: Replayed) -> str:
    told = {
        "cases": replayed.cases,
        "same": replayed.same,
        "was": _told(replayed.was),
        "becomes": _told(replayed.becomes),
        "refused": dict(replayed.refused),
    }
    return json.dumps(told, ensure_ascii=False) + "\n"


def _told(tally: Tally) -> dict[str, Any]:
    return {
        "clocks": [
            {**sort._asdict(), "all": count, "late": tally.breaches[sort]}
            for sort, count in sorted(tally.clocks.items())
        ],
        "arrivals": [
            {"level": level, "team": team, "cases": count}
            for (level, team), count in sorted(tally.arrivals.items())
        ],
        "service levels": [
            {"level": level, "from": from_at.isoformat(), **counted._asdict()}
            for (level, from_at), counted in sorted(tally.in_time.items())
        ],
    }
