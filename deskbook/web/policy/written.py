"""A policy or manual as one file: HTML that needs nothing beside it, or Markdown."""

from datetime import date
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from deskbook.book.schema import Book
from deskbook.engine.desk import Desk
from deskbook.web.policy.days import day_in_words
from deskbook.web.policy.markdown import markdown
from deskbook.web.policy.policy import manual_of, policy
from deskbook.web.policy.reader import Reader

SHEETS = ("css/deskbook.css", "css/policy.css")


def written(desk: Desk, book: Book, language: str, *, form: str, for_agents: bool, on: date) -> str:
    """Returns the whole text, in a language, as of a day."""
    with translation.override(language):
        reader = Reader(desk.in_language(language), book)
        sections = manual_of(reader) if for_agents else policy(reader)
        name = _("Manual of those who work here") if for_agents else ""
        title = " – ".join(filter(None, (reader.desk.title, name)))
        about = [line for line in (reader.said(book.about),) if line]
        printed = _("Written on {day} from the book that this desk runs by.").format(
            day=day_in_words(on)
        )
        if form == "md":
            return markdown(title, about, sections, printed)
        context = {
            "title": title,
            "about": about,
            "sections": sections,
            "printed": printed,
            "styles": _styles(),
        }
        return render_to_string("policy/page.html", context)


def _styles() -> SafeString:
    """Returns our own style sheets, to stand in the page itself."""
    found = (finders.find(sheet) for sheet in SHEETS)
    return mark_safe("\n".join(Path(str(path)).read_text(encoding="utf-8") for path in found))
