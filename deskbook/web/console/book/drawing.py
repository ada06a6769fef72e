"""A text that is being written, drawn: its stages, its levels and the ways between them."""

from django.template.loader import render_to_string
from django.utils.translation import get_language

from deskbook.people.books import standing
from deskbook.people.models import Agent
from deskbook.web.policy.diagrams import of_levels, of_stages
from deskbook.web.policy.parts import Picture
from deskbook.web.policy.reader import Reader


def drawings(agent: Agent, text: str) -> str:
    """Returns the stages and levels of a text without errors, drawn, as HTML."""
    reader = reader_of(agent, text)
    pictures: list[Picture] = [of_stages(reader)]
    if reader.desk.teams:
        pictures.append(of_levels(reader))
    return render_to_string("console/book/_drawn.html", {"pictures": pictures}, using="jinja2")


def reader_of(agent: Agent, text: str) -> Reader:
    """Returns a text without errors for who reads it, in the language of the page."""
    desk, book = standing(agent.desk.key, text)
    return Reader(desk.in_language(get_language() or desk.languages[0]), book)
