"""The last weeks of a desk lived again by another roster."""

import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime

from django.db.models import QuerySet

from deskbook.book.load import WrongBook
from deskbook.book.roster_file import read_roster
from deskbook.channels.all import connections
from deskbook.engine.desk import Desk
from deskbook.people.books import desk_in_force
from deskbook.people.what_if_models import WhatIf
from deskbook.refusals.kept import kept
from deskbook.simulation.case import NotOpened
from deskbook.simulation.intervals import Interval
from deskbook.simulation.learning import WEEKS, last_weeks
from deskbook.simulation.load import Load
from deskbook.simulation.load_file import read_load
from deskbook.simulation.run import Plan, run
from deskbook.simulation.tally import Counted
from deskbook.simulation.what_if import Change, changed, compared
from deskbook.tickets.learning import NothingCame, learned_load

_MOST_RUNS, _FEWEST_RUNS = 4, 2
_MOST_CASES = 60_000
"""That are lived in all, where two runs of both are not more: some minutes of a processor."""


def live_what_if(what_if_id: int, *, at: datetime | None = None) -> None:
    """Lives the weeks by both rosters and keeps what came of it; nothing of the desk is changed.

    Done twice it says the same; asked for again meanwhile, with another roster, it says nothing of
    the first.
    """
    asked = WhatIf.objects.select_related("desk").filter(pk=what_if_id).first()
    if asked is None or asked.state != WhatIf.State.WAITING:
        return
    at = at or datetime.now(UTC)
    try:
        found = _lived(asked, at)
    except NothingCame:
        found = {"state": WhatIf.State.FAILED, "problem": kept("what if: nothing came")}
    except (WrongBook, NotOpened) as wrong:
        found = {"state": WhatIf.State.FAILED, "problem": kept("what if: load", why=str(wrong))}
    _keep(asked, found)


def _keep(asked: WhatIf, found: Mapping[str, object]) -> None:
    _still(asked).update(**found)


def _still(asked: WhatIf) -> QuerySet[WhatIf]:
    return WhatIf.objects.filter(pk=asked.pk, asked_at=asked.asked_at)


def _lived(asked: WhatIf, at: datetime) -> dict[str, object]:
    desk = desk_in_force(asked.desk)
    first, last = last_weeks(desk, at=at)
    waits = [one.waits for one in connections() if one.waits]
    text, shifts = learned_load(asked.desk, desk, waits, at=at)
    load = read_load(text, desk, roster=shifts)
    change = Change(asked.more, read_roster(desk, asked.roster, "").shifts if asked.roster else ())
    loads = (load, changed(load, desk, change))
    runs = _runs(load)
    _still(asked).update(runs=runs * len(loads), run=0)
    was, becomes = _both(desk, loads, runs, lambda done: _still(asked).update(run=done))
    numbers = [
        {
            "what": one.measure.what,
            "of": list(one.measure.of),
            "was": _ends(one.was),
            "becomes": _ends(one.becomes),
            "sure": one.is_sure,
        }
        for one in compared(was, becomes)
    ]
    done = WhatIf.State.DONE
    return {"state": done, "numbers": numbers, "first": first, "last": last, "problem": ""}


def _runs(load: Load) -> int:
    cases = WEEKS * sum(sum(stream.by_hour) for stream in load.streams)
    return min(max(int(_MOST_CASES / 2 / max(cases, 1)), _FEWEST_RUNS), _MOST_RUNS)


def _both(
    desk: Desk, loads: Sequence[Load], runs: int, tell: Callable[[int], object]
) -> tuple[Sequence[Counted], Sequence[Counted]]:
    """Returns the runs of both loads. In a process of its own: for minutes it would hold up what
    else this one does.
    """
    spawn = multiprocessing.get_context("spawn")
    plans = [Plan(desk, load) for load in loads for _ in range(runs)]
    numbers = [*range(1, runs + 1)] * len(loads)
    found: list[Counted] = []
    with ProcessPoolExecutor(1, spawn) as pool:
        for counted in pool.map(run, plans, numbers):
            found.append(counted)
            tell(len(found))
    return found[:runs], found[runs:]


def _ends(value: Interval | None) -> list[float | None] | None:
    return None if value is None else [value.mean, value.low, value.high]
