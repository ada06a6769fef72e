"""Where a case stands, who acts next, and what silence does."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PlainValidator

from deskbook.book.findings import nearest
from deskbook.book.schema.section import Section, key
from deskbook.book.words import AmountList, AmountWord, WordList, Words, YesNo, fold, refuse
from deskbook.engine.desk import Effect

NextWord = Literal["desk", "requester", "third party", "nobody"]
TriggerWord = Literal[
    "the requester writing",
    "assignment",
    "opening",
    "asking",
    "answering",
    "freeze",
    "estimate",
    "delivery",
]
EFFECTS: dict[str, Effect] = {
    "running": "runs",
    "runs": "runs",
    "run": "runs",
    "paused": "pauses",
    "pauses": "pauses",
    "pause": "pauses",
    "stopped": "stops",
    "stops": "stops",
    "stop": "stops",
}


def _effect(value: Any) -> Effect:
    if isinstance(value, str) and (known := EFFECTS.get(fold(value))):
        return known
    raise refuse(f"{value!r} is not what a clock can do: write running, paused or stopped", "clock")


def _clocks(value: Any) -> dict[str, Effect]:
    """One word is for every clock; a mapping names the clocks that differ from the usual."""
    if not isinstance(value, dict):
        return dict.fromkeys(CLOCKS, _effect(value))
    for clock in value:
        if clock not in CLOCKS:
            raise refuse(f"{clock!r} is no clock: {nearest(clock, CLOCKS)}", "clock")
    return {clock: _effect(said) for clock, said in value.items()}


CLOCKS = ("response", "update", "resolve", "team")
ClocksWord = Annotated[
    dict[str, Effect], PlainValidator(_clocks, json_schema_input_type=str | dict[str, str])
]


def _triggers(value: Any) -> Any:
    said = [value] if isinstance(value, str) else value
    if not isinstance(said, list):
        return said
    words = [fold(item) if isinstance(item, str) else item for item in said]
    return ["the requester writing" if word == "requester writing" else word for word in words]


TriggerList = Annotated[
    list[TriggerWord],
    BeforeValidator(_triggers, json_schema_input_type=TriggerWord | list[TriggerWord]),
]


class Choice(Section):
    """One thing the requester may decide in a stage. Text alone is the stage it leads to."""

    short_for = "to"
    to: Words = key("The stage it leads to.", "closed", required=True)
    why: YesNo = key("`yes` when whoever chooses it says why.", "yes", default=False)


class Stage(Section):
    """One stage. Text alone is its meaning. The first stage is where a case opens."""

    short_for = "means"
    name: Words | None = key(
        "What people see; without it, the key.", "Waiting for 3rd Party Vendor"
    )
    means: Words = key(
        "What the stage says, as the policy words it.",
        "We wait for the customer to reply.",
        default="",
    )
    next: NextWord | None = key(
        "Who acts next: `desk`, `requester`, `third party` or `nobody`.", "requester"
    )
    clocks: ClocksWord | None = key(
        "What the clocks do: one word for all, or a mapping for some. Usual when the requester is"
        " next: response, update and resolve paused. Usual when a freeze holds it: paused. Usual"
        " when solved or closed: stopped. Usual otherwise: running.",
        "paused",
        {"update": "stopped"},
    )
    to: WordList | None = key(
        "Stages a person may move it to; any without it.", ["development", "on hold"]
    )
    refuses: WordList = key("Acts refused in this stage.", ["answer"], default=[])
    remind: AmountList = key(
        "Reminders to the requester, each an amount after the stage began.",
        ["2bd", "4bd"],
        default=[],
    )
    close: AmountWord | None = key("Closes by itself when nobody wrote for this long.", "6bd")
    hours: Words | None = key(
        "The calendar reminders and closing count on; the plan's or the desk's without it.",
        "support",
    )
    solved: YesNo = key("`yes` where the desk has done its part.", "yes", default=False)
    closed: YesNo = key("`yes` where a case ends; it can still be reopened.", "yes", default=False)
    redirected: YesNo = key(
        "`yes` where a case ends that went to an outside contact: closed, and counted apart from"
        " solved.",
        "yes",
        default=False,
    )
    needs: WordList = key(
        "What a person must state to move a case here.", ["vendor", "reference"], default=[]
    )
    choices: dict[str, Choice] = key(
        "What the requester may decide here, in the words they read, and the stage each leads to:"
        " none that is redirected, holds what is frozen or `needs` something, for these are the"
        " desk's to say.",
        {"I am satisfied": "closed", "I am not satisfied": {"to": "working", "why": "yes"}},
        default={},
    )
    set_by: TriggerList = key(
        "What moves a case here by itself: `the requester writing`, `assignment`, `opening`,"
        " `asking`, `answering`, a `freeze` that holds it, an `estimate` offered, a `delivery`.",
        "the requester writing",
        default=[],
    )
    by_hand: YesNo | None = key(
        "`no` when only the system puts a case here: usual for a stage `set by` the requester"
        " writing or a freeze, and where redirected cases end. `yes` for a freeze lets people"
        " put a case back that left it.",
        "no",
    )
