"""Stages of a book to the engine's: what the owner left unsaid is filled in with what is usual."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from deskbook.book.findings import Path, Remarks
from deskbook.book.names import Names, title_of
from deskbook.book.schema.stages import CLOCKS
from deskbook.book.schema.stages import Stage as StageEntry
from deskbook.book.words import fold
from deskbook.engine.amounts import BusinessDays
from deskbook.engine.choices import Choice
from deskbook.engine.desk import Effect, Ladder, NextActor, Stage, Trigger

TRIGGERS: dict[str, Trigger] = {
    "the requester writing": "requester writing",
    "assignment": "assignment",
    "opening": "opening",
    "asking": "asking",
    "answering": "answering",
    "freeze": "freeze",
    "estimate": "estimate",
    "delivery": "delivery",
}


def usual_stages() -> dict[str, StageEntry]:
    """Returns the stages of a book that names none: new, open, waiting, solved, closed."""
    return {
        "new": StageEntry(means="Nobody has taken it yet."),
        "open": StageEntry(
            means="Somebody works on it.", **{"set by": ["assignment", "the requester writing"]}
        ),
        "waiting": StageEntry(
            means="We wait for your answer.",
            next="requester",
            remind=["2bd", "4bd"],
            close="6bd",
            **{"set by": ["asking"]},
        ),
        "solved": StageEntry(
            means="We think it is solved; tell us if it is not.", solved="yes", close="5bd"
        ),
        "closed": StageEntry(means="It is over.", closed="yes"),
    }


def compile_stages(
    entries: Mapping[str, StageEntry], hours: Names, acts: Names, remarks: Remarks
) -> dict[str, Stage]:
    """Returns the stages by folded key, in the book's order."""
    names = Names.of("stage", "stages", entries)
    entries = _with_asking(entries)
    return {
        fold(name): _stage(name, entry, names, hours, acts, remarks)
        for name, entry in entries.items()
    }


def _with_asking(entries: Mapping[str, StageEntry]) -> Mapping[str, StageEntry]:
    """Asking leads to the first stage where the requester is next, when no stage says that it
    does.
    """
    if any("asking" in entry.set_by for entry in entries.values()):
        return entries
    waits = next(
        (n for n, e in entries.items() if e.next == "requester" and not (e.solved or e.closed)),
        None,
    )
    if waits is None:
        return entries
    return {
        **entries,
        waits: entries[waits].model_copy(update={"set_by": [*entries[waits].set_by, "asking"]}),
    }


def _stage(
    name: str, entry: StageEntry, names: Names, hours: Names, acts: Names, remarks: Remarks
) -> Stage:
    path = ("stages", name)
    triggers = frozenset(TRIGGERS[word] for word in entry.set_by)
    only_by_system = bool(triggers) and triggers <= {"requester writing", "freeze"}
    return Stage(
        key=fold(name),
        title=title_of(name, entry.name),
        next=_next(entry),
        means=entry.means,
        clocks={**_usual_effects(entry), **(entry.clocks or {})},
        moves=names.find_all(entry.to, (*path, "to"), remarks) if entry.to is not None else None,
        by_hand=(
            not (only_by_system or entry.redirected) if entry.by_hand is None else entry.by_hand
        ),
        refuses=acts.find_all(entry.refuses, (*path, "refuses"), remarks),
        ladder=_ladder(entry, hours, path, remarks),
        solved=entry.solved,
        closed=entry.closed or entry.redirected,
        redirected=entry.redirected,
        needs=tuple(entry.needs),
        choices=tuple(_choices(entry, names, path, remarks)),
        set_by=triggers,
    )


def _choices(
    entry: StageEntry, names: Names, path: tuple[str, ...], remarks: Remarks
) -> Iterator[Choice]:
    """Yields what the requester may decide, but what leads to no stage of the book."""
    for title, said in entry.choices.items():
        to = names.find(said.to, (*path, "choices", title, "to"), remarks)
        if to:
            yield Choice(fold(title), title, to, said.why)


def _next(entry: StageEntry) -> NextActor:
    if entry.next:
        return entry.next
    if entry.closed or entry.redirected or "freeze" in entry.set_by:
        return "nobody"
    return "requester" if entry.solved else "desk"


def _usual_effects(entry: StageEntry) -> dict[str, Effect]:
    if entry.closed or entry.solved or entry.redirected:
        return dict.fromkeys(CLOCKS, "stops")
    if "freeze" in entry.set_by:
        return dict.fromkeys(CLOCKS, "pauses")
    if entry.next == "requester":
        return {"response": "pauses", "update": "pauses", "resolve": "pauses", "team": "runs"}
    return dict.fromkeys(CLOCKS, "runs")


def _ladder(
    entry: StageEntry, hours: Names, path: tuple[str, ...], remarks: Remarks
) -> Ladder | None:
    named = hours.find(entry.hours, (*path, "hours"), remarks) if entry.hours else None
    if not entry.remind and entry.close is None:
        return None
    _in_order(entry, path, remarks)
    return Ladder(tuple(entry.remind), entry.close, named)


def _in_order(entry: StageEntry, path: tuple[str, ...], remarks: Remarks) -> None:
    """Amounts of one kind can be compared by themselves; mixed kinds depend on the day they
    start.
    """
    steps = [*entry.remind, *([entry.close] if entry.close else [])]
    for number, (earlier, later) in enumerate(pairwise(steps), start=1):
        if type(earlier) is not type(later):
            continue
        sizes = [
            a.days if isinstance(a, BusinessDays) else getattr(a, "duration", None)
            for a in (earlier, later)
        ]
        if None not in sizes and sizes[1] <= sizes[0]:  # type: ignore[operator]  # both of one kind
            closes = number == len(entry.remind)
            place: Path = (*path, "close") if closes else (*path, "remind", number)
            what = (
                "it closes no later than the last reminder"
                if closes
                else "this reminder is no later than the one before"
            )
            remarks.error(
                place,
                f"{what}: the amounts count from entering the stage, so they must grow",
                "ladder-order",
                also=((*path, "remind", number - 1),),
            )
