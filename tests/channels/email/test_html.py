import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbook.channels.email.html import html_to_text, sanitise
from tests.channels.email.post import fixture


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        "<style>*{display:none}</style>",
        '<form action="https://x.example"><input name=p></form>',
        '<iframe src="https://x.example"></iframe>',
        "<svg onload=alert(1)>",
        '<p style="background:url(https://x.example/p.gif)">x</p>',
        '<meta http-equiv=refresh content="0;url=https://x.example">',
        '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
        '<base href="https://x.example/">',
    ],
)
def test_nothing_that_acts_or_calls_home_is_left(hostile):
    clean = sanitise(hostile).lower()
    for trace in (
        "<script",
        "onerror",
        "onload",
        "javascript:",
        "<style",
        "<form",
        "<input",
        "<iframe",
        "<svg",
        "style=",
        "<meta",
        "<base",
        'href="data',
    ):
        assert trace not in clean


def test_remote_pictures_wait_and_keep_their_address():
    html = fixture("inline-image").html
    assert 'src="https://' not in html.replace("data-remote-src", "data-remote")
    assert 'data-remote-src="https://track.example/p.gif?u=1"' in html
    assert 'src="cid:shot@1"' in html


@pytest.mark.parametrize(
    "src",
    [
        "//x.example/p.gif",
        "HTTP://x.example/p.gif",
        " https://x.example/p.gif",
        "https:/\\x.example/p.gif",
    ],
)
def test_a_remote_picture_in_any_spelling_is_blocked(src):
    clean = sanitise(f'<img alt="a > b" src="{src}">')
    assert ' src="http' not in clean.lower()
    assert ' src="//' not in clean


def test_a_sender_cannot_set_our_own_attribute():
    assert "evil" not in sanitise('<img src="cid:a" data-remote-src="evil">')


def test_links_open_apart_and_lend_no_weight():
    assert 'rel="noopener noreferrer nofollow"' in sanitise('<a href="https://x.example">x</a>')


def test_lists_tables_links_and_preformatted_text_read_well():
    assert (
        fixture("html-lists-tables").text
        == "Stock\n\nItem  Count\nPaper  3\n\n1. first\n2. second\n\na\n  b\n\nMore here"
        " <https://x.example/doc> & there"
    )


def test_quotes_in_html_become_quote_signs():
    text = html_to_text(
        "<p>new</p><blockquote><p>old</p><blockquote>older</blockquote></blockquote>"
    )
    assert text == "new\n\n> old\n\n>> older"


@given(st.text(max_size=300))
def test_any_text_as_html_does_no_harm(text):
    assert "<script" not in sanitise(text).lower()
    html_to_text(text)


@given(
    st.lists(
        st.sampled_from(
            [
                "<b>",
                "</b>",
                "<blockquote>",
                "</div>",
                "<div class=gmail_attr>",
                "<pre>",
                "</pre>",
                "<li>",
                "<ol start=9>",
                "</ol>",
                "<!--",
                "-->",
                "<![",
                "&#x",
                "\x00",
                "x",
                "\n",
                "<table><td>",
                "<a href=http://q>",
            ]
        ),
        max_size=40,
    )
)
def test_any_soup_of_tags_is_read(tags):
    html_to_text("".join(tags))
    sanitise("".join(tags))
