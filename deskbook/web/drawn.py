"""Parts of many screens, drawn again only where they show something else: forms, fields, icons.

The forms beside a ticket show the same on nearly every ticket, and to draw a field takes two
hundred calls. What somebody typed is drawn once and kept for nobody.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple

from django.template import engines
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

from deskbook.people.words import Words
from deskbook.web.shared.fields import Shared
from deskbook.web.shared.forms import Form

LONG = 200
"""Characters of a value, or choices: what is long is not kept."""


class Look(NamedTuple):
    """All that a field shows, but for whose language and zone it is shown in."""

    of: Shared
    name: str
    id: str
    value: Any
    yes_or_no: bool
    """Yes equals 1, and is not drawn like it."""
    errors: tuple[str, ...]
    hint: Words
    options: tuple[Any, ...]
    ticked: tuple[str, ...]


def macro(template: str, name: str) -> Callable[..., SafeString]:
    """Returns a macro of a template, in the present language."""
    module = engines["jinja2"].env.get_template(template).module  # type: ignore[attr-defined]
    made: Callable[..., SafeString] = getattr(module, name)
    return made


def field(form: Form, name: str) -> SafeString:
    """Returns a field of a form as it is drawn."""
    return _drawn("drawn_fields", form, [name], (get_language() or "", get_current_timezone_name()))


def act(form: Any) -> SafeString:
    """Returns the form of an act: what is to be known before, its fields, its buttons."""
    asked = " ".join(form.errors.get(form.asks[0], ())) if form.asks else ""
    said = type(form), form.about, asked, form.second
    return _drawn("drawn_act", form, form.fields, form.of.shown_in, *said)


def _drawn(
    how: str, form: Form, names: Iterable[str], shown_in: tuple[str, str], *said: Any
) -> SafeString:
    looks = tuple(_look(form, name) for name in names)
    if form.is_bound or any(len(of.options) > LONG or _is_long(of.value) for of in looks):
        return macro("macros.html", how)(looks, *said)
    return _kept(how, looks, said, shown_in)


def _is_long(value: Any) -> bool:
    return isinstance(value, str) and len(value) > LONG


def _look(form: Form, name: str) -> Look:
    of: Any = form.fields[name]
    if of.drawn == "hidden":
        return Look(of, name, "", "", False, (), "", (), ())
    value, several = form.shown(name), of.drawn == "several"
    return Look(
        of,
        name,
        form.id_of(name),
        "" if several else value,
        value is True,
        # One that nobody filled in has none, and to be asked for them costs.
        tuple(map(str, form.errors.get(name, ()))) if form.is_bound else (),
        form.hints.get(name, ""),
        tuple(form.choices.get(name, ())),
        tuple(form.ticked(name)) if several else (),
    )


@lru_cache(maxsize=2048)
def _kept(
    how: str, looks: tuple[Look, ...], said: tuple[Any, ...], _shown_in: tuple[str, str]
) -> SafeString:
    return macro("macros.html", how)(looks, *said)


@lru_cache(maxsize=4096, typed=True)
def icon(name: str, label: str = "") -> SafeString:
    """Returns a symbol of static/icons.svg; what has a `label` is read out."""
    read = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return mark_safe(f'<svg class="icon" {read}><use href="{static("icons.svg")}#{name}" /></svg>')


def inserting(number: str) -> SafeString:
    """Returns what opens to put something ready into what is written on a case."""
    return mark_safe(_inserting(get_language() or "").replace("NUMBER", escape(number)))


@lru_cache(maxsize=16)
def _inserting(_language: str) -> SafeString:
    return macro("console/_cells.html", "inserting")()


def avatar(name: str, size: str = "") -> SafeString:
    """Returns the initials of a person in their colour; of "", that there is nobody."""
    return _avatar(name, size, get_language() or "" if not name else "")


@lru_cache(maxsize=4096)
def _avatar(name: str, size: str, _language: str) -> SafeString:
    return macro("macros.html", "drawn_avatar")(name, size)
