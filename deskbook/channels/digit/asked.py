"""What DIGIT's apps send, read as its contract (PGR v2) spells it; fields it does not name, and
those of other versions, do not matter.
"""

import json
import re
from typing import Annotated, Any, TypeVar

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic.alias_generators import to_camel

from deskbook.tickets.messages import LONGEST_TEXT

S = TypeVar("S", bound=BaseModel)
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""The sign itself, not a backslash and what looks like it."""
LONGEST_DETAIL = 600
"""Characters of additionalDetail, as DIGIT has it."""


class NotTaken(Exception):
    """Nothing was done or kept. DIGIT's own code where it has one; the text says what is wrong."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


def _nothing(value: Any) -> Any:
    return "" if value is None else value


def _none(value: Any) -> Any:
    return () if value is None else value


Line = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=250), BeforeValidator(_nothing)
]
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=LONGEST_TEXT),
    BeforeValidator(_nothing),
]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]


class Shape(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, frozen=True, coerce_numbers_to_str=True, populate_by_name=True
    )


class User(Shape):
    uuid: Line = ""
    user_name: Line = ""
    name: Line = ""
    mobile_number: Line = ""
    type: Line = ""


class RequestInfo(Shape):
    api_id: Line = ""
    ver: Line = ""
    msg_id: Line = ""
    auth_token: Line = ""
    user_info: User | None = None

    @property
    def user(self) -> User:
        return self.user_info or User()

    @property
    def language(self) -> str:
        """What the app speaks: of "1683093762211|pt_MZ" it is "pt"."""
        return self.msg_id.partition("|")[2].partition("_")[0].lower()[:8]


class Locality(Shape):
    code: Annotated[Line, Field(max_length=100)] = ""
    name: Line = ""


class Place(Shape):
    latitude: float | None = None
    longitude: float | None = None


class Address(Shape):
    locality: Locality | None = None
    geo_location: Place | None = None


class Document(Shape):
    file_store_id: Line = ""


class Audit(Shape):
    created_time: int | None = None


Documents = Annotated[tuple[Document, ...], BeforeValidator(_none)]


class Service(Shape):
    """A complaint."""

    tenant_id: Code
    service_code: Code
    source: Code
    address: Address
    id: Line = ""
    client_reference_id: Annotated[Line, Field(max_length=100)] = ""
    service_request_id: Line = ""
    description: Text = ""
    rating: int | None = None
    additional_detail: Any = None
    citizen: User | None = None
    user: User | None = None
    documents: Documents = ()
    audit_details: Audit | None = None
    client_audit_details: Audit | None = None

    @property
    def complainant(self) -> User:
        """The municipal contract calls them citizen, the campaign's user."""
        return self.user or self.citizen or User()

    @property
    def locality(self) -> Locality:
        return self.address.locality or Locality()

    @property
    def written_ms(self) -> int | None:
        """When it was written down, perhaps long before there was a line."""
        audits = (self.client_audit_details, self.audit_details)
        return next((one.created_time for one in audits if one and one.created_time), None)


class Workflow(Shape):
    """What is done to it."""

    action: Line = ""
    assignes: Annotated[tuple[Line, ...], BeforeValidator(_none)] = Field(
        default=(), validation_alias=AliasChoices("assignes", "assignees")
    )
    comments: Text = ""
    verification_documents: Documents = ()


class Asked(Shape):
    """Any request: all have a RequestInfo."""

    request_info: RequestInfo = Field(
        default=RequestInfo(), validation_alias=AliasChoices("RequestInfo", "requestInfo")
    )


class ServiceRequest(Asked):
    service: Service
    workflow: Workflow = Workflow()


def read_json(body: bytes) -> dict[str, Any]:
    """Returns the object a body is; raises NotTaken where it is none, or cannot be kept."""
    try:
        said = _keepable(body)
    except (ValueError, RecursionError):
        told = "The body is no JSON that can be kept: no NaN, no half of a sign, no U+0000."
        raise NotTaken("INVALID_REQUEST", told) from None
    if not isinstance(said, dict):
        raise NotTaken("INVALID_REQUEST", "The body is no JSON object.")
    return said


def _keepable(text: str | bytes) -> Any:
    """Returns what a JSON says; raises ValueError where PostgreSQL could not keep it."""
    said = json.loads(text)
    written = json.dumps(said, allow_nan=False, ensure_ascii=False)
    written.encode()  # half of a surrogate pair is no text
    if _NUL.search(written):
        raise ValueError("U+0000")
    return said


def read_request(said: dict[str, Any]) -> ServiceRequest:
    """Returns a _create or an _update; raises NotTaken."""
    return _as(ServiceRequest, said)


def request_info(said: dict[str, Any]) -> RequestInfo:
    """Returns who asks, as far as it can be read; raises NotTaken."""
    return _as(Asked, said).request_info


def _as(shape: type[S], said: dict[str, Any]) -> S:
    try:
        return shape.model_validate(said)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise NotTaken("INVALID_REQUEST", f"{where}: {first['msg']}") from None


def details_of(service: Service) -> dict[str, str]:
    """Returns what additionalDetail says, which the app sends as JSON within a text; one that is
    none, or holds what cannot be kept, is words.
    """
    told = service.additional_detail
    if isinstance(told, str):
        try:
            told = _keepable(told)
        except (ValueError, RecursionError):
            return {"": told[:LONGEST_DETAIL]} if told.strip() else {}
    if not isinstance(told, dict):
        return {}
    plain = {key: value for key, value in told.items() if isinstance(value, str | int | float)}
    return {key[:60]: str(value)[:LONGEST_DETAIL] for key, value in plain.items() if value != ""}
