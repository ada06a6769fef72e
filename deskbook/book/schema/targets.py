"""How soon: response, updates, resolution, and the answer of a team."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict

from deskbook.book.schema.section import Section, key
from deskbook.book.words import AmountWord, FactorWord, GoalWord, WordList, Words, YesNo, listed

Beginning = Literal[
    "opening",
    "arrival",
    "verification",
    "acknowledgement",
    "acknowledgement or answer",
    "first answer",
]


class Target(Section):
    """One line of promises, and the cases it is for.

    Every other key is a facet of the case (`severity`, `plan`, `channel`, `team`, `category` …)
    with the value or values it must have. Of several lines that fit, the one with the most
    conditions counts; of equals, the first. An amount is `45m`, `2h`, `3d`, `2bd`, `1/2 bd`, `end
    of 3bd`, `1w` or `1mo`; `1bd to 2bd` turns amber at the first and is a breach at the second;
    `1bd or as agreed` and `as agreed` let the agent date it; `on request` is the date the requester
    asked for. `at once`, `best effort` and `no promise` are said and shown, and no clock runs.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, WordList]
    name: Words | None = key("What the line is called in reports.", "Gravest first")
    respond: GoalWord | None = key("From opening to the first answer of a person.", "2h")
    update: GoalWord | None = key("From each answer to the next, until solved.", "1bd or as agreed")
    resolve: GoalWord | None = key(
        "From opening to solved; with `team`, from each arrival at that team (or what `from` says),"
        " for as long as it has the case.",
        "5bd",
    )
    answer: GoalWord | None = key(
        "From arrival at a team, or what `from` says, to that team's first answer or note.",
        "1bd to 2bd",
    )
    aim: AmountWord | None = key(
        "When the clock turns amber, on a line with one promise; the range `1bd to 2bd` says it"
        " too.",
        "1h",
    )
    after_hours: FactorWord = key(
        "How much longer it may take after hours, on plans with after-hours help: `doubled`, `x3`.",
        "doubled",
    )
    recommended: YesNo = key("`yes`: shown and reported, but never a breach.", "yes", default=False)
    like: Words | None = key(
        "Takes the promises of another line: of another team, severity or plan.", "eGov"
    )
    from_: Beginning | None = key(
        "What starts it: `opening` (for the clock of a team too, which counts from its arrival"
        " there without it), `arrival` at a team, `verification` of the severity, the"
        " `acknowledgement` by itself, `acknowledgement or answer` (whichever tells the requester"
        " first, the desk by itself or a person), or the `first answer` of a person.",
        "arrival",
        "first answer",
    )
    hours: Words | None = key(
        "The calendar it runs on; the team's or the plan's without it.", "support"
    )
    met_by: (
        Annotated[
            list[Literal["answer", "note"]],
            BeforeValidator(listed, json_schema_input_type=str | list[str]),
        ]
        | None
    ) = key("What meets a team clock: a public answer, an internal note.", ["answer", "note"])
