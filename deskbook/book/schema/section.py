"""What every part of the schema has in common: spaced keys, nothing unknown, short forms."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from deskbook.book.words import refuse


def spaced(name: str) -> str:
    """Returns the key an owner writes for a field: `after_hours` is `after hours`, `from_` is
    `from`.
    """
    return name.rstrip("_").replace("_", " ")


def key(description: str, *examples: Any, default: Any = None, required: bool = False) -> Any:
    """Returns a field with its description and at least one example: the reference is made of
    them.
    """
    given = ... if required else default
    return Field(given, description=description, examples=list(examples))


class Section(BaseModel):
    """One mapping of the book. Text in its place is short for its `short_for` key."""

    model_config = ConfigDict(
        extra="forbid", alias_generator=spaced, frozen=True, arbitrary_types_allowed=True
    )
    short_for: ClassVar[str | None] = None
    looks_like: ClassVar[str] = "`name: …`"
    """How a line of it is written, for who wrote something else."""

    @model_validator(mode="before")
    @classmethod
    def _written_short(cls, value: Any) -> Any:
        if value is None:
            return {}
        if isinstance(value, dict):
            own = {spaced(name) for name in cls.model_fields}
            return {
                name: given for name, given in value.items() if given is not None or name not in own
            }
        if isinstance(value, str) and cls.short_for:
            return {cls.short_for: value}
        if not isinstance(value, Section):
            raise refuse(f"keys and values belong here, like {cls.looks_like}", "type")
        return value
