"""What is done for a case of one sort, and what it needs: steps and papers."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, model_validator

from deskbook.book.schema.section import Section, key
from deskbook.book.words import WordList, Words, YesNo


def _taken_off_optional(value: Any, name: str) -> Any:
    """`Thank them (optional)` is short for `{ step: Thank them, optional: yes }`."""
    if isinstance(value, str) and (
        found := re.fullmatch(r"(.*\S)\s*\(optional\)", value.strip(), re.IGNORECASE)
    ):
        return {name: found[1], "optional": "yes"}
    return value


class Step(Section):
    """One step of a procedure. Text alone is the step; `(optional)` at its end says that it may
    stay undone.
    """

    short_for = "step"
    step: Words = key("What is done.", "Compare the village with the boundary list", required=True)
    hint: Words = key("A line of help under it.", "The list is in the shared folder.", default="")
    optional: YesNo = key("`yes`: a case can be solved without it.", "yes", default=False)

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return _taken_off_optional(value, "step")


class Column(Section):
    """One column of a file with a declared shape. Text alone is its heading; `(optional)` at its
    end says it may be empty.
    """

    short_for = "column"
    column: Words = key("Its heading.", "Aldeia", required=True)
    optional: YesNo = key("`yes` when it may be empty or missing.", "yes", default=False)
    unique: YesNo = key("`yes` when no two rows have the same.", "yes", default=False)
    values: WordList = key(
        "The only values it may have; any without it.", ["new", "renamed"], default=[]
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return _taken_off_optional(value, "column")


class Paper(Section):
    """One document a request needs. Text alone is its name."""

    short_for = "paper"
    paper: Words = key("What it is called.", "FORM 3", required=True)
    hint: Words = key(
        "What must be in it, or where to find it.", "Signed by the head of the office.", default=""
    )
    columns: list[Column] = key(
        "Makes it a CSV file, checked row by row: its columns in order.",
        ["Distrito", "Localidade", "Aldeia"],
        default=[],
    )


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str | dict) else value


Steps = Annotated[
    list[Step],
    BeforeValidator(_several, json_schema_input_type=str | list[Step | str] | dict[str, Any]),
]
Papers = Annotated[
    list[Paper],
    BeforeValidator(_several, json_schema_input_type=str | list[Paper | str] | dict[str, Any]),
]


class Procedure(Section):
    """Steps and papers of cases that several facets tell apart; every other key is a facet with its
    values.

    For one value alone, write `steps` and `papers` beside the value itself.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, WordList]
    steps: Steps = key(
        "What is done, in order.", ["Check the list", "Thank the reporter (optional)"], default=[]
    )
    papers: Papers = key("What the request needs.", ["FORM 3", "FORM 6"], default=[])
