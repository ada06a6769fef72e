"""Named shifts by a solver: OR-Tools CP-SAT, where it is installed (`deskbook[planning]`)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from importlib.util import find_spec
from typing import Any

from deskbook.simulation.shifts import Planned, Rules, Slot, Worker, planned, too_close

_MOST_WORK = 1.0
"""Of the solver, in its own units: the same plan each time, where seconds would give another on
another machine.
"""
_MINUTE = timedelta(minutes=1)


def is_there() -> bool:
    """Whether the solver is installed."""
    return find_spec("ortools") is not None


def solved(slots: Sequence[Slot], workers: Sequence[Worker], rules: Rules) -> Planned:
    """Returns shifts of which as few as can be are left to nobody, and then the work is shared as
    evenly as can be; the best that is found in a set amount of work.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    has = {
        (s, w): model.new_bool_var(f"{s} {w}")
        for s, slot in enumerate(slots)
        for w, worker in enumerate(workers)
        if worker.could(slot)
    }
    for w, worker in enumerate(workers):
        _bound(model, {s: x for (s, of), x in has.items() if of == w}, slots, worker, rules)
    model.minimize(
        _missing(model, has, slots) * _weight(slots) + _spread(model, has, slots, workers)
    )
    plain = planned(slots, workers, rules)
    taken = set(plain.taken)
    for key, x in has.items():
        model.add_hint(x, key in taken)
    solver = cp_model.CpSolver()
    solver.parameters.max_deterministic_time = _MOST_WORK
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return plain
    return Planned(slots, workers, [key for key, x in has.items() if solver.boolean_value(x)])


def _bound(
    model: Any, own: dict[int, Any], slots: Sequence[Slot], worker: Worker, rules: Rules
) -> None:
    """Nobody works in two shifts with no rest between them, nor too much in a week."""
    weeks = defaultdict(list)
    for s, x in own.items():
        weeks[slots[s].week].append(_minutes(slots[s]) * x)
        for later in range(s + 1, len(slots)):
            if slots[later].from_at >= slots[s].until_at + rules.rest:
                break
            if later in own and too_close(slots[s], slots[later], rules.rest):
                model.add_at_most_one(x, own[later])
    for of_week in weeks.values():
        model.add(sum(of_week) <= worker.limit(rules) // _MINUTE)


def _missing(model: Any, has: dict[tuple[int, int], Any], slots: Sequence[Slot]) -> Any:
    """Returns how many minutes of work nobody does."""
    of_slot = defaultdict(list)
    for (s, _), x in has.items():
        of_slot[s].append(x)
    left: Any = 0
    for s, slot in enumerate(slots):
        nobody = model.new_int_var(0, slot.people, f"nobody {s}")
        model.add(sum(of_slot[s]) + nobody == slot.people)
        left = left + nobody * _minutes(slot)
    return left


def _spread(
    model: Any, has: dict[tuple[int, int], Any], slots: Sequence[Slot], workers: Sequence[Worker]
) -> Any:
    """Returns the minutes between who works most and who works least."""
    top = _weight(slots)
    most, least = (model.new_int_var(0, top, name) for name in ("most", "least"))
    for w in range(len(workers)):
        works = sum(_minutes(slots[s]) * x for (s, of), x in has.items() if of == w)
        model.add(works <= most)
        model.add(works >= least)
    return most - least


def _weight(slots: Sequence[Slot]) -> int:
    return sum(_minutes(slot) for slot in slots) + 1


def _minutes(slot: Slot) -> int:
    return slot.length // _MINUTE
