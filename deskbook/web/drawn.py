"""Parts of many screens, drawn again only where they show something else: forms, fields, icons.

The forms beside a ticket show the same on nearly every ticket, and to draw a field takes two
hundred calls. What somebody typed is drawn once and kept for nobody.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from html import escape
from os import urandom
from typing import Any, NamedTuple

from django.template import engines
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

from deskbook.people.words import Words
from deskbook.tickets.kept_files import KeptFile
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
    asked = " ".join(form.errors.get(form.asks[0], ())) if form.asks and form.is_bound else ""
    said = type(form), form.about, asked, form.second
    return _drawn("drawn_act", form, form.fields, form.of.shown_in, *said)


def folded(
    form: Any, called: str, value: str, inside: str, *, token: str, trail: str
) -> SafeString:
    """Returns an act beside a ticket: what it changes and how that stands, or what doing it is
    called; opened, its form, with what is `inside` it.
    """
    does = form.does if value and form.fact else ""
    opens = form.key, form.is_open, called, does, form.shortcut
    looks = *opens, form.in_sight, bool(value), form.takes_files is not None
    begin, title, text, address, fields, end = _folded(looks, form.of.shown_in[0])
    shown, key = escape(value) if value else "", form.goes_on_by or client_key()
    return mark_safe(
        f"{begin}{shown}{title}{shown or ('–' if form.in_sight else '')}{text}{form.url}{address}"
        f'{token}<input type="hidden" name="client_key" value="{key}">{trail}{fields}{inside}{end}'
    )


@lru_cache(maxsize=2048)
def _folded(looks: tuple[Any, ...], _language: str) -> list[str]:
    """Returns what stands around that which each ticket has of its own."""
    return macro("console/_cells.html", "folded")(*looks, "\0").split("\0")


def client_key() -> str:
    """Returns another each time: what is sent with it twice is done once."""
    return urandom(16).hex()


def _drawn(
    how: str, form: Form, names: Iterable[str], shown_in: tuple[str, str], *said: Any
) -> SafeString:
    looks = tuple([_look(form, name) for name in names])
    if form.is_bound or [1 for look in looks if (look.value or look.options) and _is_long(look)]:
        return macro("macros.html", how)(looks, *said)
    return _kept(how, looks, said, shown_in)


def _is_long(look: Look) -> bool:
    return len(look.options) > LONG or (isinstance(look.value, str) and len(look.value) > LONG)


def _look(form: Form, name: str) -> Look:
    of: Any = form.fields[name]
    if of.drawn == "hidden":
        return Look(of, name, "", "", False, (), "", (), ())
    several = of.drawn == "several"
    value = _waiting(form) if of.drawn == "files" else form.shown(name)
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


def _waiting(form: Any) -> Sequence[KeptFile]:
    """Returns the files that came with a form that was refused."""
    waiting: Sequence[KeptFile] = form.uploads.kept
    return waiting


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
