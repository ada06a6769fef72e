"""What a system may ask, as JSON, read; what cannot be understood says what, where and what to
do.
"""

from base64 import b64decode
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from deskbook.tickets.messages import LONGEST_TEXT

MOST_FILES = 10
PAGE = "docs/operating/app.md"


class NotUnderstood(Exception):
    """The system corrects it and sends it again; nothing was kept."""

    def __init__(self, what: str, where: str = "", do: str = "", status: int = 422) -> None:
        super().__init__(what)
        self.what, self.where, self.do, self.status = what, where, do, status


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("The character U+0000 cannot be kept: leave it out")
    return text


def _base64(text: str) -> str:
    try:
        b64decode(text, validate=True)
    except ValueError:
        raise ValueError("This is no base64 (RFC 4648, 4)") from None
    return text


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=200),
    AfterValidator(_storable),
]
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT),
    AfterValidator(_storable),
]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Person(Shape):
    """Who it is for. The system knows them: the desk believes what it says."""

    id: Line = ""
    """What the system knows them by."""
    name: Line = ""
    mail: Line = ""
    phone: Line = ""
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{0,8}$")] = ""

    @model_validator(mode="after")
    def _can_be_known(self) -> "Person":
        if not (self.id or self.mail or self.phone):
            raise ValueError("Say who it is by an id, a mail address or a phone number")
        if self.mail and not 0 < self.mail.find("@") < len(self.mail) - 1:
            raise ValueError("The mail address has no name or no domain")
        return self


#: What a media type is spelled with (RFC 6838, 4.2). Letters of all scripts in its place took every
#: process of a desk 0.08 s to compile.
_SPELLED = r"[A-Za-z0-9!#$&^_.+-]"


class File(Shape):
    name: Annotated[Line, StringConstraints(pattern=r"^[^/\\\x00-\x1f]+$")]
    type: Annotated[str, StringConstraints(pattern=rf"^{_SPELLED}{{1,60}}/{_SPELLED}{{1,80}}$")] = (
        "application/octet-stream"
    )
    base64: Annotated[str, AfterValidator(_base64)]


Files = Annotated[list[File], Field(max_length=MOST_FILES)]
Reference = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]


class Opens(Shape):
    """A new case."""

    person: Person
    subject: Annotated[Line, Field(min_length=1)]
    text: Text
    category: Line = ""
    fields: dict[Line, Line] = Field(default_factory=dict)
    """Facets of the book: key → value."""
    severity: Line = ""
    reference: Annotated[Reference, AfterValidator(_storable)] = ""
    """What the system calls the case."""
    files: Files = Field(default_factory=list)


class Follows(Shape):
    """About one of its cases, by the desk's number or its own reference."""

    case: Line = ""
    reference: Annotated[Reference, AfterValidator(_storable)] = ""

    @model_validator(mode="after")
    def _names_one(self) -> "Follows":
        if not (self.case or self.reference):
            raise ValueError("Name the case by its number or by your reference")
        return self


class Adds(Follows):
    """Words on a case."""

    text: Text
    person: Person | None = None
    """Without it, who the case was opened for."""
    files: Files = Field(default_factory=list)


class Asks(Follows):
    """How a case stands."""


class _Envelope(BaseModel):
    type: Literal["case.open", "case.add", "case.ask"]
    data: dict[str, Any]


_SHAPES: dict[str, type[Opens] | type[Adds] | type[Asks]] = {
    "case.open": Opens,
    "case.add": Adds,
    "case.ask": Asks,
}


def read(body: bytes) -> Opens | Adds | Asks:
    """Returns what a body asks; raises NotUnderstood."""
    try:
        envelope = _Envelope.model_validate_json(body)
        return _SHAPES[envelope.type].model_validate(envelope.data)
    except ValidationError as wrong:
        raise _in_words(wrong) from None


def _in_words(wrong: ValidationError) -> NotUnderstood:
    first = wrong.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return NotUnderstood(f"The body is no JSON. {first['msg']}.", do=_DO, status=400)
    inside = "data." if wrong.title != _Envelope.__name__ else ""
    where = inside + ".".join(str(part) for part in first["loc"])
    return NotUnderstood(f"{first['msg'].removeprefix('Value error, ')}.", where.rstrip("."), _DO)


_DO = f"Correct it and send it again. What may stand there: {PAGE}."
