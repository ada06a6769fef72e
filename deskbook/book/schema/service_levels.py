"""How many cases are in time, and what follows where they are not."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict

from deskbook.book.schema.section import Section, key
from deskbook.book.sums import CreditWord, MoneyWord, PercentWord
from deskbook.book.words import AmountWord, WordList, Words, fold, refuse

Promise = Literal["respond", "update", "resolve", "answer"]


def _no_update(said: Any) -> Any:
    """With each answer a new time runs to the next: what the one before owed is known no more."""
    if isinstance(said, str) and fold(said) == "update":
        raise refuse(
            "nothing can be owed for a late update: the next answer begins another, and what was"
            " owed for the one before would be gone. Write `respond`, `resolve` or `answer`, or"
            " count updates in `service levels`",
            "late-update",
        )
    return said


Late = Annotated[Literal["respond", "resolve", "answer"], BeforeValidator(_no_update)]


class Credit(Section):
    """What follows when fewer are in time; of several lines the one with the lowest share."""

    below: PercentWord = key("When fewer than this were in time.", "95%", required=True)
    gives: CreditWord = key(
        "What customers get: a sum, or a part of what they pay, which is worked out where the plan"
        " says its `fee`.",
        "5% of the monthly fee",
        "100 EUR",
        required=True,
    )


class ServiceLevel(Section):
    """So many of the cases that open in a period are in time; every other key is a facet with its
    values: such cases alone. In time is what `targets` promise them.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, WordList]
    looks_like = "`{ name: …, at least: 95%, of: respond }`"
    name: Words = key("What it is called.", "Urgent answers", required=True)
    at_least: PercentWord = key("How many of a hundred are in time.", "95%", required=True)
    of: Promise = key("Which promise of `targets`.", "respond", required=True)
    within: Literal["limit", "aim"] = key(
        "What in time means where a target has both, `5d to 10d`: its `limit`, or its `aim`.",
        "aim",
        default="limit",
    )
    over: Literal["week", "month", "quarter", "year"] = key(
        "Of which cases: those that open in such a period of the desk's calendar.",
        "quarter",
        default="month",
    )
    for_each: Literal["desk", "organisation"] = key(
        "Whose cases are counted together: all of the `desk`, or those of each `organisation`.",
        "organisation",
        default="desk",
    )
    credits: list[Credit] = key(
        "What follows when it is not reached.",
        [{"below": "95%", "gives": "5% of the monthly fee"}],
        default=[],
    )


class Compensation(Section):
    """What is owed for a case that is late: worked out and shown, never paid by the desk itself.
    Every other key is a facet with its values: such cases alone.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, WordList]
    looks_like = "`{ name: …, late: resolve, pays: 250 INR }`"
    name: Words = key("What it is called.", "Penalty of the officer", required=True)
    late: Late = key(
        "Which promise of `targets` was missed; nothing is owed for a late `update`, which the next"
        " answer ends.",
        "resolve",
        required=True,
    )
    pays: MoneyWord = key("How much.", "250 INR", required=True)
    each: AmountWord | None = key(
        "For each such time that has begun since the limit; once without it. A time shorter than a"
        " day needs `at most`.",
        "1d",
        "1bd",
    )
    at_most: MoneyWord | None = key("How much at most for one case.", "5000 INR")
    to: Words = key("Who gets it, as text for people.", "the state", default="")
