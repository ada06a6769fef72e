"""What an agent typed into an answer, as its readers see it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbook.tickets.formatting import is_formatted, message_html

_LINK = ' rel="noopener noreferrer">'


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Take **two**.", "<p>Take <strong>two</strong>.</p>\n"),
        ("One\nTwo", "<p>One<br>\nTwo</p>\n"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"),
        ("`ls -l`", "<p><code>ls -l</code></p>\n"),
        ("[here](https://a.example/)", f'<p><a href="https://a.example/"{_LINK}here</a></p>\n'),
        (
            "See https://a.example/b?c=d&e.",
            f'<p>See <a href="https://a.example/b?c=d&amp;e"{_LINK}'
            "https://a.example/b?c=d&amp;e</a>.</p>\n",
        ),
    ],
)
def test_bold_lists_links_and_code_are_shown(typed, shown):
    assert is_formatted(typed) or "See" in typed or "\n" in typed
    assert message_html(typed) == shown


@pytest.mark.parametrize(
    "typed",
    [
        r"It is in \\server\share\new_year_files.",
        "# 7 is the printer",
        "---\nAsha",
        "    indented",
        "&amp; is an entity",
        "a snake_case_name and 3 * 4 * 5",
    ],
)
def test_what_is_no_formatting_stays_as_it_was_typed(typed):
    assert not is_formatted(typed)
    assert re.sub(r"<br>|</?p>", "", message_html(typed)).replace("&amp;", "&").strip() == (
        typed.strip()
    )


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![seen](https://elsewhere.example/pixel.png)",
        "[click](javascript:alert(1))",
        "[click](data:text/html,x)",
        "[click](/desk/end/)",
        "<javascript:alert(1)>",
        '[a](https://a.example/"onmouseover="alert(1))',
    ],
)
def test_nothing_that_is_typed_acts_or_shows_pictures_from_elsewhere(typed):
    _is_harmless(message_html(typed))


_PARTS = ["[a](", ")", "<", ">", "![", "](", "javascript:", "https://e.example/", '"', "'", "`"]
_MORE = ["\n", "&#x6a;", "onerror=", "<a href=", "<img src=", "//e.example", "*", "> ", "- ", "x"]


def test_a_link_to_nowhere_is_its_words():
    assert message_html("[See it](), [here](https://a.example)") == (
        '<p>See it, <a href="https://a.example" rel="noopener noreferrer">here</a></p>\n'
    )


@given(st.lists(st.sampled_from(_PARTS + _MORE), max_size=12).map("".join))
def test_whatever_is_typed_leads_only_to_pages_and_mailboxes(typed):
    _is_harmless(message_html(typed))


def _is_harmless(html):
    tags = re.findall(r"<[^>]*>", html)
    allowed = r"</?(?:a|blockquote|br|code|em|li|ol|p|pre|strong|ul)>"
    link = r'<a href="(?:https?://|mailto:)[^"]*" rel="noopener noreferrer">'
    for tag in tags:
        assert re.fullmatch(rf'{allowed}|<ol start="\d+">|{link}', tag, re.IGNORECASE), tag
