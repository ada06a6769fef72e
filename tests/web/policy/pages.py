"""The pages of the books, made once, and their words as somebody reads them."""

import re
from datetime import date
from functools import cache
from html import unescape
from pathlib import Path

from deskbook.book.load import load_book
from deskbook.web.policy.written import written

BOOKS = Path(__file__).parents[3] / "books"
SOURCES = ("mukta", "salama", "spark", "sparkrock")
A_DAY = date(2026, 3, 2)


@cache
def book(name):
    places = (BOOKS, BOOKS.parent / "docs/book/examples")
    files = (place / f"{name}.yaml" for place in places)
    loaded = load_book(next(file for file in files if file.exists()))
    return loaded.desk_or_raise(), loaded.book


@cache
def page(name, language="en", form="html", for_agents=False):
    """Return the text of one page as it is written."""
    desk, said = book(name)
    return written(desk, said, language, form=form, for_agents=for_agents, on=A_DAY)


def words(html):
    """Return what a page says, as one line: without its style sheets and its marks."""
    body = html.partition("<main")[2]
    body = re.sub(r"<(title|desc|text)\b.*?</\1>", " ", body, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"</?[a-z][^>]*>", " ", body)))
