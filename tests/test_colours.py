"""Words that nobody can read are found on every page, also where their look has been seen before."""

import pytest

from tests.colours import told_apart

pytestmark = pytest.mark.browser
PALE = "color: #999"


@pytest.fixture
def shown(chromium):
    """Return a function that shows what stands on a page, and gives the page."""
    window = chromium.new_page()

    def shown(words, style=""):
        window.set_content(
            f"<html lang=en><title>Bells</title><style>{style}</style><main>{words}</main></html>"
        )
        return window

    yield shown
    window.close()


def unread(page):
    with pytest.raises(AssertionError, match="color-contrast"):
        told_apart(page, "here")


def test_pale_words_are_found_each_time(shown):
    for _page in range(2):
        unread(shown(f"<p>It rings.<p style='{PALE}'>It rings.</p>"))


def test_words_that_could_be_read_are_not_readable_on_everything(shown):
    told_apart(shown("<p style='color: #666'>It rings.</p>"), "on white")
    for darker in ("background: #aaa", "background: linear-gradient(#999, #999)", "opacity: .5"):
        page = shown(f"<div style='{darker}'><p style='color: #666'>It rings.</p></div>")
        if "gradient" in darker:
            told_apart(page, "axe does not tell")
        else:
            unread(page)


def test_words_over_something_painted_that_they_do_not_stand_in_are_found_though_their_look_has_passed(
    shown,
):
    told_apart(shown("<p style='color: #555'>It rings.</p>"), "on white")
    over = "position: absolute; left: 0; top: 0; margin: 0"
    box = f"<div style='{over}; width: 20em; height: 9em; background: #888'></div>"
    unread(shown(f"{box}<p style='{over}; color: #555'>It rings.</p>"))


def test_words_that_reach_out_of_what_they_stand_in_are_found_though_their_look_has_passed(shown):
    card, out = "background: #222; width: 9em", "color: #eee; position: relative; left: 30em"
    told_apart(shown(f"<div style='{card}'><p style='color: #eee'>It rings.</p></div>"), "on it")
    unread(shown(f"<div style='{card}'><p style='{out}'>It rings.</p></div>"))


def test_what_words_over_something_painted_were_let_pass_for_is_not_said_of_others(shown):
    over = "position: absolute; left: 0; top: 0; margin: 0"
    box = f"<div style='{over}; width: 20em; height: 9em; background: #222'></div>"
    told_apart(shown(f"{box}<p style='{over}; color: #eee'>It rings.</p>"), "on a dark box")
    unread(shown("<p style='color: #eee'>It rings.</p>"))


def test_words_that_come_into_the_page_are_found(shown):
    aside = "position: absolute; left: -99em"
    page = shown(f"<p>It rings.</p><p id=skip style='{PALE}; {aside}'>Skip it.</p>")
    told_apart(page, "out of sight")
    page.evaluate("document.getElementById('skip').style.left = 0")
    unread(page)


def test_what_was_not_looked_at_once_is_looked_at_the_next_time(shown):
    told_apart(shown(f"<button disabled style='{PALE}; background: #fff'>Ring</button>"), "shut")
    unread(shown(f"<button style='{PALE}; background: #fff'>Ring</button>"))


def test_words_of_the_dark_page_are_looked_at_though_those_of_the_light_one_were(shown):
    page = shown(
        "<p>It rings.</p>",
        "p { color: #666; background: #fff } @media (prefers-color-scheme: dark) { p { color: #777;"
        " background: #333 } }",
    )
    told_apart(page, "light")
    page.emulate_media(color_scheme="dark")
    unread(page)


def test_a_link_that_looks_like_its_text_is_found_though_its_look_has_passed(shown):
    plain = "p { color: #000 } a { color: #003; text-decoration: none }"
    told_apart(shown("<p><a href='/'>It rings.</a></p>", plain), "alone")
    page = shown(
        "<p>Since noon <a href='/'>it rings</a> all the time, and nobody knows why.</p>", plain
    )
    with pytest.raises(AssertionError, match="link-in-text-block"):
        told_apart(page, "within a text")
