"""A form as `field` of macros.html draws it: what was typed, what is wrong, why it was refused."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.forms.forms import DeclarativeFieldsMetaclass
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from deskbook.people.refusals import in_words
from deskbook.refusals.catalogue import Reader
from deskbook.refusals.refusal import Refused

T = TypeVar("T")


class _Declared(dict[str, Any]):
    """The fields of a class: a form takes some out or puts others in, and changes none of them."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, Any]:
        return dict(self)


class _Declaring(DeclarativeFieldsMetaclass):
    declared_fields: dict[str, Any]

    def __init__(cls, *parts: Any) -> None:
        super().__init__(*parts)
        cls.base_fields: dict[str, Any] = _Declared(cls.declared_fields)


class Form(forms.Form, metaclass=_Declaring):
    """Every form of every page. What is wrong stands beside its field, what was typed in it."""

    reader: ClassVar[Reader] = "agent"
    """Who reads why it was refused."""
    refusal: str = ""

    def __init__(
        self, data: Mapping[str, Any] | None = None, initial: dict[str, Any] | None = None
    ) -> None:
        self.choices: dict[str, Sequence[tuple[Any, ...]]] = {}
        self._only: set[str] = set()
        self.hints: dict[str, Any] = {}
        """Where what is to be known of a field is not always the same."""
        super().__init__(data, initial=initial, label_suffix="")

    def __call__(self, name: str) -> Any:
        """Returns what was typed into a field, as it was understood."""
        return self.cleaned_data[name]

    def shown(self, name: str) -> Any:
        """Returns what stands in a field: what was typed, else how things stand."""
        return (self.data if self.is_bound else self.initial).get(name, "")

    def ticked(self, name: str) -> Sequence[str]:
        """Returns what is ticked in a field of several."""
        typed = self.data.getlist(name) if isinstance(self.data, QueryDict) else ()
        return typed if self.is_bound else self.initial.get(name, ())

    def id_of(self, name: str) -> str:
        """Returns the id of a field, of which a page has one only."""
        return f"f-{name}"

    def sentences(self) -> list[str]:
        """Returns what is wrong with its fields, where no field of it is shown."""
        return [str(text) for texts in self.errors.values() for text in texts]

    def begin_with(self, **start: Any) -> None:
        """Shows how things stand, but where something was typed before."""
        self.initial = {**start, **self.initial}

    def begin_as(self, row: Model | None, *names: str) -> None:
        """Shows these fields of a row, if there is one."""
        self.begin_with(**{name: getattr(row, name) for name in names if row is not None})

    def put_into(self, row: Model, *names: str) -> None:
        """Sets these fields of a row to what was typed."""
        for name in names:
            setattr(row, name, self(name))

    def group(self, begins: str) -> dict[str, str]:
        """Returns what was typed into the fields whose names begin so, by the rest of the name."""
        given = self.cleaned_data.items()
        return {
            name[len(begins) :]: text for name, text in given if name.startswith(begins) and text
        }

    def offer(
        self, name: str, choices: Sequence[tuple[Any, ...]], *, nothing_else: bool = False
    ) -> None:
        """Says what can be chosen in a field. Where no verb refuses what is not offered, the form
        itself takes `nothing_else`.
        """
        self.choices[name] = choices
        if nothing_else:
            self._only.add(name)

    def full_clean(self) -> None:
        """Reads what was typed; what could be chosen nowhere is wrong."""
        super().full_clean()
        read = self.cleaned_data if self.is_bound else {}
        for name in self._only & set(read):
            if read[name] not in {choice[0] for choice in self.choices[name]}:
                self.add_error(name, _("Choose one of the answers."))

    @property
    def status(self) -> int:
        """How a page that shows it answers: 422 for its fields, 409 for a refusal."""
        return 409 if self.refusal else 422 if self.is_bound and self.errors else 200


class Pressed(Form):
    """What a button, a script or an address sends that nobody typed to be told what is wrong with
    it: what cannot be read says nothing.
    """

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(asked(request))
        self.is_valid()

    def __call__(self, name: str) -> Any:
        return self.cleaned_data.get(name, "")


def asked(request: HttpRequest) -> QueryDict:
    """Returns what a page is asked for: by what is sent to it, else by its address."""
    return request.POST if request.method == "POST" else request.GET


def sent(request: HttpRequest) -> QueryDict | None:
    """Returns what a form was filled in with; None where its page is only opened."""
    return asked(request) if request.method == "POST" else None


def saved(form: Form, save: Callable[[], T]) -> T | None:
    """Does what a form says, in one transaction, and returns what that gave; None for what the form
    now says of itself: what is wrong with its fields, or why it was refused.
    """
    return done(form, transaction.atomic(save))


def done(form: Form, save: Callable[[], T]) -> T | None:
    """Does the same for what asks the network first, and begins its transaction itself after it."""
    try:
        return save() if form.is_valid() else None
    except ValidationError as problem:
        form.add_error(None, problem)
    except Refused as refused:
        form.refusal = in_words(refused, form.reader)
    return None
