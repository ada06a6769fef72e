"""The sentence of a case that came from another system."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from deskbook.engine.moving_events import Imported
from deskbook.moving.sources import SOURCES
from deskbook.people.moments import written
from deskbook.web.told import Sentence, Told


def _imported(event: Imported, told: Told) -> Sentence:
    words = _("It came from %(source)s, where it was %(number)s, on %(when)s; nobody was told")
    if event.closed_at:
        words = _(
            "It came from %(source)s, where it was %(number)s and ended on %(ended)s, on %(when)s;"
            " nobody was told"
        )
    said = {
        "source": SOURCES[event.source].title if event.source in SOURCES else event.source,
        "number": event.number,
        "when": written(event.imported_at),
        "ended": written(event.closed_at) if event.closed_at else "",
    }
    did = _("opened this") if event.message else ""
    return Sentence(words % said, "open", did=did, is_more=True)


MOVED: Mapping[type, Callable[[Any, Told], Sentence]] = {Imported: _imported}
