"""What the case form asks, as the book says."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from deskbook.engine.desk import Desk
from deskbook.web.told import channel_in_sentence, facet_title

Kind = Literal["line", "long", "choice", "level", "date"]


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose, and what it means."""

    value: str
    title: str
    means: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One field of the form.

    `about` is where the answer goes: "subject", "text", "severity", "date", "facet <key>", "field
    <key>".
    """

    about: str
    label: str
    kind: Kind = "line"
    required: bool = False
    hint: str = ""
    options: tuple[Option, ...] = ()
    default: str = ""
    longest: int = 300

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return [(option.value, option.title) for option in self.options]

    @property
    def name(self) -> str:
        """The field's name, fit for an id: no spaces."""
        return self.about.replace(" ", "-")


def questions_of(desk: Desk) -> tuple[Question, ...]:
    """Returns the form's questions in the order they are asked."""
    return tuple(_questions(desk))


def _questions(desk: Desk) -> Iterator[Question]:
    yield Question("subject", _("What is it about?"), required=True, hint=_("A few words."))
    yield Question(
        "text",
        pgettext("of a case", "What happened?"),
        "long",
        required=True,
        longest=50_000,
        hint=_("What did you do, what did you expect, what did you see instead?"),
    )
    if desk.severities and not desk.matrix:
        yield _severity(desk)
    yield from _facets(desk)
    for asked in desk.fields:
        if asked.asked == "requester":
            kind: Kind = "long" if asked.long else "line"
            longest = 20_000 if asked.long else 1_000
            yield Question(
                f"field {asked.key}", asked.title, kind, asked.required, asked.hint, longest=longest
            )
    if any(target.on_request for target in desk.targets):
        here = _("Times are in {zone}.").format(zone=timezone.get_current_timezone_name())
        yield Question("date", _("When do you need it?"), "date", hint=here)


def _severity(desk: Desk) -> Question:
    levels = [
        level
        for level in desk.severities.values()
        if not level.only_by or "portal" in level.only_by
    ]
    elsewhere = [level for level in desk.severities.values() if level not in levels]
    return Question(
        "severity",
        _("How bad is it?"),
        "level",
        required=bool(levels),
        default=desk.default_severity or "",
        options=tuple(Option(level.key, level.title, level.means) for level in levels),
        hint=" ".join(_not_here(level.title, level.only_by, desk) for level in elsewhere),
    )


def _not_here(title: str, ways: frozenset[str], desk: Desk) -> str:
    return _("“{level}” is taken by {ways} only.").format(
        level=title, ways=", ".join(channel_in_sentence(way, desk) for way in sorted(ways))
    )


def _facets(desk: Desk) -> Iterator[Question]:
    for facet in desk.facets.values():
        if facet.asked == "requester":
            options = tuple(
                Option(value, title, facet.means.get(value, ""))
                for value, title in facet.values.items()
            )
            yield Question(
                f"facet {facet.key}",
                facet_title(facet),
                "choice",
                facet.required,
                options=options,
                default=facet.default or "",
            )
