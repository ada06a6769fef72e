"""What is typed into a form, read and refused in the product's own sentences."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from deskbook.people.lists.reading import mail_address
from deskbook.people.lists.reading import zone_name as zone_typed
from deskbook.people.moments import zone_name
from deskbook.people.numbers import number_of
from deskbook.people.outward import wrong_address
from deskbook.people.refusals import in_words
from deskbook.people.words import Words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.messages import LONGEST_TEXT

_TIME = re.compile(
    r"\s*+(?:(\d{1,4}(?:[.,]\d{1,2})?)\s*+h)?\s*+(?:(\d{1,5})\s*+(?:min|m))?\s*+", re.IGNORECASE
)
_COST = re.compile(r"\s*(\d{1,9}(?:[.,]\d{1,2})?)\s*([A-Za-z]{3})\s*")


class NotUnderstood(ValidationError):
    """Something typed cannot be used. `errors` says, field by field, what and what to do."""

    def __init__(self, **errors: Words) -> None:
        self.errors = {name: [str(text)] for name, text in errors.items()}
        super().__init__(self.errors)

    def __str__(self) -> str:
        return " ".join(text for texts in self.errors.values() for text in texts)


class Shared(forms.Field):
    """A field that all forms of an act share: what differs from case to case is another one."""

    drawn: ClassVar[str] = "hidden"
    """The type of its input, or what else it is in macros.html: `area`, `choice` …"""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    @classmethod
    @lru_cache(maxsize=1024)
    def called(cls, *words: Words, **looks: Any) -> Self:
        """Returns a field whose words are the book's: for the same words the same field."""
        return cls(*words, **looks)


class Line(Shared, forms.CharField):
    """A line of text. It may be empty unless `missing` says what is said then."""

    drawn = "text"
    placeholder: Words = ""
    autocomplete = ""
    most = 0
    """Characters; any number where it is 0."""

    def __init__(
        self, label: Words = "", missing: Words | None = None, *, hint: Words = "", **looks: Any
    ) -> None:
        super().__init__(label=label, required=missing is not None, help_text=hint)
        if missing is not None:
            self.error_messages["required"] = missing
        vars(self).update(looks)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if 0 < self.most < len(value):
            told = _("This has {count} characters; at most {most} fit.")
            raise ValidationError(told.format(count=len(value), most=self.most))


class Lines(Line):
    """A text of several lines, not longer than a message may be."""

    drawn = "area"
    rows = 4

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n")
        refuse_too_long(text)
        return text


class Known(Line):
    """A person, a ticket, a title: typing finds it at the address `source`."""

    drawn = "known"
    source: Words = ""

    def __init__(self, label: Words, source: Words, *told: Words, **more: Any) -> None:
        super().__init__(label, *told, source=source, **more)


class Choice(Line):
    """One of a short list, which the act offers. What it offers no more the verb refuses."""

    drawn = "choice"
    blank: Words | None = None
    options: Sequence[tuple[Any, Words]] = ()
    """What can be chosen, where that never changes."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if self.options and value not in {known for known, _title in self.options}:
            raise ValidationError(_("Choose one of the answers."))


class Ways(Choice):
    """One of a list with all the book says about each; `empty` is said where it names none."""

    drawn = "ways"
    empty: Words = ""


class Secret(Line):
    """What is kept sealed: typed in and never shown."""

    drawn, autocomplete = "password", "new-password"


class Tick(Shared, forms.BooleanField):
    """Yes, or nothing."""

    drawn = "tick"

    def __init__(self, label: Words = "") -> None:
        super().__init__(label=label, required=False)


class Flag(Tick):
    """What a button of its own says with the form."""

    drawn = "hidden"


class Sent(Line):
    """What a page sends along unseen."""

    drawn = "hidden"


class AsTyped(Sent):
    """The same, of which no space is taken away."""

    def __init__(self) -> None:
        super().__init__(strip=False)


class Id(Sent):
    """The id of a row, which a page sends along; 0 for what is none."""

    def to_python(self, value: Any) -> int:  # type: ignore[override]  # as Django's own fields do
        text = super().to_python(value) or ""
        return int(text) if text.isdecimal() and len(text) < 16 else 0


class Files(Shared):
    """Files. They are taken before the act and kept when it is refused: `Act.uploads`."""

    drawn = "files"

    def __init__(self, label: Words) -> None:
        super().__init__(label=label, required=False)


class OneFile(Shared, forms.FileField):
    """One file that is needed, of `most` bytes. It is chosen again when the form is refused."""

    drawn = "file"

    def __init__(self, missing: Words, most: int, too_large: Words) -> None:
        told = {"required": missing, "empty": missing, "missing": missing}
        super().__init__(error_messages=told)
        self.most, self.too_large = most, too_large

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and value.size > self.most:
            raise ValidationError(self.too_large)


class Ids(Shared):
    """Rows that are ticked, by their ids."""

    drawn = "ticks"
    widget = forms.MultipleHiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def to_python(self, value: Any) -> list[int]:
        return [int(pk) for pk in value or () if pk.isdecimal() and len(pk) < 16]


class Several(Shared):
    """Some of a short list, ticked."""

    drawn = "several"
    widget = forms.MultipleHiddenInput

    def __init__(self, label: Words) -> None:
        super().__init__(label=label, required=False)


class Read(Line):
    """A text that says something else: a day, a number. `wrong` is said of what does not."""

    wrong: Words = ""
    nothing: Any = None
    """What an empty one says."""

    def __init__(self, *told: Any, wrong: Words | None = None, **more: Any) -> None:
        super().__init__(*told, **more)
        self.wrong = self.wrong if wrong is None else wrong

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return self.nothing
        try:
            return self.read(text)
        except (ValueError, OverflowError):  # the last day of the year 9999 has no UTC
            raise ValidationError(self.wrong) from None
        except Refused as refused:
            raise ValidationError(in_words(refused)) from None

    def read(self, text: str) -> Any:
        """Returns what the text says; raises ValueError."""
        raise NotImplementedError


def _times_are() -> str:
    return _("Times are %(zone)s.") % {"zone": zone_name(timezone.localtime())}


class Spelled(Read):
    """A text that looks like `pattern` all through."""

    pattern = ""

    def read(self, text: str) -> str:
        if not re.fullmatch(self.pattern, text):
            raise ValueError(text)
        return text


class Service(Line):
    """The address of a service that the desk calls; names in braces are filled in."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if wrong := wrong_address(value.replace("{", "").replace("}", "")):
            raise ValidationError(wrong)


class Tel(Read):
    """A telephone number, one without its country's prefix of `region`; as E.164."""

    drawn, nothing = "tel", ""
    region: str | None = None

    def read(self, text: str) -> str:
        return number_of(text, self.region)


class Mail(Read):
    """A mail address, as it is stored; `wrong` is said of what is none, where it is given."""

    drawn, nothing, autocomplete = "email", "", "email"

    def read(self, text: str) -> str:
        try:
            return mail_address(text)
        except Refused:
            if self.wrong:
                raise ValueError(text) from None
            raise


class Zone(Read):
    """The name of a time zone."""

    nothing = ""

    def read(self, text: str) -> str:
        return zone_typed(text)


class Instant(Read):
    """A time of a day, in the viewer's zone."""

    drawn = "datetime-local"
    wrong = _("Give a date and a time.")

    def __init__(self, label: Words, *, optional: bool = False) -> None:
        super().__init__(label, None if optional else self.wrong, hint=lazy(_times_are, str)())

    def read(self, text: str) -> datetime:
        return instant_in(text)


class Day(Read):
    drawn = "date"
    wrong = _("Write the day like 2026-03-09.")

    def read(self, text: str) -> date:
        return day_in(text)


class Clock(Read):
    """A time of day."""

    drawn = "time"
    wrong = _("Write the time like 10:00.")

    def read(self, text: str) -> time:
        return time.fromisoformat(text).replace(tzinfo=None)


class Whole(Read):
    """A number of people or days."""

    drawn = "number"
    least, most = 0, 999_999

    def __init__(self, label: Words, wrong: Words, **looks: Any) -> None:
        super().__init__(label, wrong, wrong=wrong, **looks)

    def validate(self, value: Any) -> None:
        Shared.validate(self, value)

    def read(self, text: str) -> int:
        if len(text) > 6 or not text.isdecimal() or not self.least <= int(text) <= self.most:
            raise ValueError(text)
        return int(text)


class Work(Read):
    """Working time typed as "2 h 30 min", "1.5 h" or "45 min"."""

    wrong = _("Write time like 2 h 30 min.")

    def read(self, text: str) -> timedelta:
        found = _TIME.fullmatch(text)
        hours = Decimal(((found and found[1]) or "0").replace(",", "."))
        worked = timedelta(minutes=int(hours * 60) + int((found and found[2]) or 0))
        if not worked:
            raise ValueError(text)
        return worked


class Cost(Read):
    """An amount with its currency: "1200.00 CAD"."""

    wrong = _("Write amount and currency like 1200.00 CAD.")

    def read(self, text: str) -> str:
        found = _COST.fullmatch(text)
        if found is None:
            raise ValueError(text)
        return f"{Decimal(found[1].replace(',', '.')):.2f} {found[2].upper()}"


def instant_in(text: str) -> datetime:
    """Returns what a `datetime-local` field holds, in the viewer's zone; raises ValueError."""
    local = datetime.fromisoformat(text)
    zone = local.tzinfo or timezone.get_current_timezone()
    return local.replace(tzinfo=zone).astimezone(UTC)


def day_in(text: str) -> date:
    """Returns the day somebody wrote; raises ValueError, for days nobody plans for as well."""
    day = date.fromisoformat(text)
    if not 2000 <= day.year <= 2200:
        raise ValueError(text)
    return day


def refuse_too_long(text: str) -> None:
    """Raises ValidationError for a text longer than a requester may write either."""
    if len(text) > LONGEST_TEXT:
        said = _(
            "This has {count} characters; at most {most} fit. Shorten it, or attach it as a file."
        )
        raise ValidationError(said.format(count=len(text), most=LONGEST_TEXT))
