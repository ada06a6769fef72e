"""What a macro of the book does, in words."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from deskbook.engine.desk import Desk
from deskbook.engine.macros import Macro
from deskbook.web.told import facet_title, not_in_book, team_title


def macro_sentences(desk: Desk, macro: Macro, answer: str) -> Iterator[str]:
    """Yields a sentence for each act, in their order; `answer` is what is answered."""
    if macro.sort:
        facets = [(desk.facets[key], value) for key, value in macro.sort.items()]
        said = [f"{facet_title(f)}: {f.values.get(v) or not_in_book(v)}" for f, v in facets]
        yield _("Sorts: %(sorts)s") % {"sorts": ", ".join(said)}
    if macro.team:
        yield _("Hands it to %(team)s") % {"team": team_title(desk, macro.team)}
    if macro.note:
        yield _("Notes: “%(words)s”") % {"words": macro.note}
    if answer:
        yield _("Answers: “%(words)s”") % {"words": answer}
    if macro.stage:
        yield _("Moves it to “%(stage)s”") % {"stage": desk.stages[macro.stage].title}
