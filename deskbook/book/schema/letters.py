"""What letters of the desk must say."""

from typing import Annotated

from pydantic import BeforeValidator, ConfigDict

from deskbook.book.schema.section import Section, key
from deskbook.book.words import Text, WordList, listed
from deskbook.engine.letter_parts import Fact, LetterKind


class LetterLine(Section):
    """What letters of the desk say, whichever way they leave; every other key is a facet with its
    values: letters on such cases alone.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, WordList]
    for_: Annotated[
        list[LetterKind], BeforeValidator(listed, json_schema_input_type=str | list[str])
    ] = key(
        "Which letters: `acknowledgement`, `answer`, `reminder`, `closing`, `severity`, `notice` (a"
        " promise, or that it is taken back), `call back`, `paper` (that came back), `redirect`,"
        " `freeze`, `estimate`, `delivery`.",
        "acknowledgement",
        ["answer", "closing"],
        required=True,
    )
    stage: WordList = key(
        "Only while the case stands in one of these stages; in any without it.",
        "solved",
        default=[],
    )
    says: Annotated[list[Fact], BeforeValidator(listed, json_schema_input_type=str | list[str])] = (
        key(
            "What is filled in: `number`, `subject`, `received` (when), `answer by`, `solved by`,"
            " `officer` (who has the case, else its team), `team`, `stage`, `reason` (what was"
            " stated for the stage), `missing papers`, `link`.",
            ["number", "solved by", "officer"],
            default=[],
        )
    )
    text: Text | None = key(
        "What stands in them, word for word.",
        "You may turn to the Ombudsman: ombudsman@state.example.",
    )
