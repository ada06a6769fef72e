"""Every stage of a book can be reached, left and ended from, and one thing leads to one stage."""

from deskbook.book.compile import Compiled
from deskbook.book.words import fold
from deskbook.engine.desk import Desk, Stage, Trigger


def prove_stages(compiled: Compiled) -> None:
    """Remarks on stages where cases end, begin, cannot get to or cannot leave."""
    names = {fold(name): name for name in compiled.book.stages}
    if not names:
        return
    if not any(stage.closed for stage in compiled.desk.stages.values()):
        compiled.remarks.error(
            ("stages",),
            "no case can end: give one stage `closed: yes`",
            "no-closed-stage",
            at_key=True,
        )
    _prove_beginning(compiled, names)
    _prove_triggers(compiled, names)
    _prove_ways(compiled, names)
    _prove_moving_on(compiled, names)
    _prove_choices(compiled, names)
    _prove_closing(compiled, names)


def _prove_moving_on(compiled: Compiled, names: dict[str, str]) -> None:
    """Somebody moves a case on from where it waits, and the requester's answer does."""
    desk, remarks = compiled.desk, compiled.remarks
    for key, stage in desk.stages.items():
        over = stage.closed or stage.redirected
        if stage.moves == frozenset() and not over:
            said = "`to` names no stage, so nobody moves a case on from here: name one or delete it"
            remarks.warn(("stages", names[key], "to"), said, "empty-to", at_key=True)
        if over or stage.solved or "asking" not in stage.set_by or stage.next != "requester":
            continue
        if desk.stage_set_by("requester writing") is None:
            said = (
                "an answer of the requester leaves the case here, its clocks paused: give the"
                " stage it goes to `set by: the requester writing`"
            )
            remarks.warn(("stages", names[key]), said, "answer-unnoticed", at_key=True)


def _prove_choices(compiled: Compiled, names: dict[str, str]) -> None:
    """Whoever decides comes to another stage, where nobody has to be named or to say more."""
    stages = compiled.desk.stages
    for key, name in names.items():
        for choice in stages[key].choices:
            if wrong := _wrong_end(stages[key], stages[choice.to]):
                title = next(t for t in compiled.book.stages[name].choices if fold(t) == choice.key)
                path = ("stages", name, "choices", title, "to")
                compiled.remarks.error(path, wrong, "choice", also=(("stages", names[choice.to]),))


def _wrong_end(stage: Stage, to: Stage) -> str:
    if to.key == stage.key:
        return "it leads to the stage it is made in, so nothing is decided: name another"
    if to.redirected or "freeze" in to.set_by:
        return (
            "no requester brings a case there: it is for who redirects it, or for a freeze. Let it"
            " lead to a stage of the desk, or to a team by `hands up: { on: reopening }`"
        )
    if to.needs:
        asked = ", ".join(to.needs)
        return f"who comes there says {asked}, and a requester is not asked: name another"
    return ""


def _prove_closing(compiled: Compiled, names: dict[str, str]) -> None:
    """Somewhere a case can be closed by those who have it, and by its requester."""
    desk = compiled.desk
    still = [stage for stage in desk.stages.values() if not stage.closed]
    if still and all("close" in stage.refuses for stage in still):
        said = "every stage refuses closing: neither the desk nor the requester can say it is done"
        also = tuple(("stages", names[stage.key], "refuses") for stage in still)
        compiled.remarks.warn(("stages",), said, "closing-refused", at_key=True, also=also)


def _prove_beginning(compiled: Compiled, names: dict[str, str]) -> None:
    desk, remarks = compiled.desk, compiled.remarks
    begins = desk.stage_set_by("opening") or desk.first_stage
    if begins.closed or begins.solved:
        what = "closed" if begins.closed else "solved"
        remarks.error(
            ("stages", names[begins.key]),
            f"cases would open in a {what} stage, with no clock running: put another first",
            "first-stage",
            at_key=True,
        )


def _prove_ways(compiled: Compiled, names: dict[str, str]) -> None:
    desk = compiled.desk
    reached = _reached(desk)
    for key, name in names.items():
        if key not in reached:
            wrong = _NO_WAY_IN
        elif not _can_end(desk, key):
            wrong = _NO_END
        elif not (desk.stages[key].choices or _can_be_left(desk, desk.stages[key])):
            wrong = _NO_WAY_OUT
        else:
            continue
        code, sentence = wrong
        compiled.remarks.error(("stages", name), sentence, code, at_key=True)


_NO_WAY_IN = (
    "unreachable-stage",
    "no case can get here: let a stage move to it, or say what sets it",
)
_NO_END = ("endless-stage", "a case here can never be closed: let it move on")
_NO_WAY_OUT = (
    "no-way-out",
    "nobody can move a case on from here, the requester aside: name where to under `to`",
)


def _prove_triggers(compiled: Compiled, names: dict[str, str]) -> None:
    taken: dict[str, str] = {}
    for key, stage in compiled.desk.stages.items():
        for trigger in sorted(stage.set_by):
            if trigger in taken:
                compiled.remarks.error(
                    ("stages", names[key], "set by"),
                    f"{trigger} already leads to {names[taken[trigger]]!r}: only one stage can be",
                    "two-stages",
                    also=(("stages", names[taken[trigger]], "set by"),),
                )
            taken.setdefault(trigger, key)


def _may_be_moved(stage: Stage, to: Stage) -> bool:
    allowed = stage.moves is None or to.key in stage.moves
    return to.by_hand and allowed and "move" not in stage.refuses


def _next_stages(desk: Desk, stage: Stage) -> set[str]:
    by_hand = {s.key for s in desk.stages.values() if _may_be_moved(stage, s)}
    by_system = {
        s.key
        for s in desk.stages.values()
        if any(_ACT_OF.get(trigger) not in stage.refuses for trigger in s.set_by - {"opening"})
    }
    ends = {s.key for s in desk.stages.values() if s.closed}
    # The requester may close an open case from any stage that does not refuse it; so does silence.
    closing = (
        ends if "close" not in stage.refuses or (stage.ladder and stage.ladder.close) else set()
    )
    return by_hand | by_system | closing | {choice.to for choice in stage.choices}


_ACT_OF: dict[Trigger, str] = {
    "assignment": "assign",
    "asking": "ask",
    "answering": "answer",
    "estimate": "estimate",
    "delivery": "deliver",
}


def _can_be_left(desk: Desk, stage: Stage) -> bool:
    """Whether the desk, the requester's words or silence can take a case out of the stage."""
    if stage.closed or (stage.ladder and stage.ladder.close):
        return True
    others = [other for other in desk.stages.values() if other.key != stage.key]
    happening = {trigger for other in others for trigger in other.set_by} - {"opening", "freeze"}
    by_itself = any(_ACT_OF.get(trigger) not in stage.refuses for trigger in happening)
    return by_itself or any(
        o.by_hand and (stage.moves is None or o.key in stage.moves) for o in others
    )


def _reached(desk: Desk) -> set[str]:
    start = desk.stage_set_by("opening") or desk.first_stage
    return {start.key} | stages_ahead(desk, start.key)


def stages_ahead(desk: Desk, key: str) -> set[str]:
    """Returns every stage a case can come to from one, whoever moves it, in any number of steps."""
    reached: set[str] = set()
    waiting = [key]
    while waiting:
        fresh = _next_stages(desk, desk.stages[waiting.pop()]) - reached
        reached |= fresh
        waiting.extend(fresh)
    return reached


def _can_end(desk: Desk, key: str) -> bool:
    ends = {s.key for s in desk.stages.values() if s.closed}
    return not ends or bool(ends & ({key} | stages_ahead(desk, key)))
