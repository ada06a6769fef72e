"""Templates are compiled once for each language, and say and escape what they did before."""

import pytest
from django.template import engines
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape


def shown(source: str, **context: object) -> str:
    return engines["jinja2"].from_string(source).render(context)


@pytest.mark.parametrize(("language", "word"), [("en", "Note"), ("pt", "Nota")])
def test_a_page_says_its_words_in_the_language_it_is_shown_in(language, word):
    with translation.override(language):
        assert shown("{{ _('Note') }} {% trans %}Note{% endtrans %}") == f"{word} {word}"


def test_a_value_put_into_a_sentence_is_escaped_and_the_sentence_is_not():
    with translation.override("en"):
        page = shown("{{ _('<b>%(who)s</b> &amp; you', who=name) }}", name="A & B <i>")

    assert page == "<b>A &amp; B &lt;i&gt;</b> &amp; you"


def test_a_per_cent_sign_is_written_twice_in_every_sentence():
    with translation.override("en"):
        assert shown("{{ _('100%% of it') }}{{ _('%(n)s%% of it', n=5) }}") == "100% of it5% of it"


def test_a_sentence_that_is_only_known_when_shown_is_translated_then():
    with translation.override("pt"):
        assert shown("{{ _(word) }}", word="Note") == "Nota"


@given(st.text() | st.integers() | st.none() | st.builds(Markup, st.text()))
def test_what_is_shown_is_escaped_as_markupsafe_does(value):
    assert shown("{{ value }}", value=value) == escape(value)


class Named:
    items = "an attribute"

    def __getitem__(self, name: str) -> str:
        return f"item {name}"


def test_a_dot_names_an_attribute_and_where_there_is_none_an_item():
    page = shown(
        "{{ of.items }}, {{ of.other }}, {{ deep.of.other }}", of=Named(), deep={"of": {"other": 1}}
    )

    assert page == "an attribute, item other, 1"


def test_what_a_template_names_and_nothing_has_shows_nothing():
    assert shown("({{ of.nothing }})", of={}) == "()"


def test_a_macro_is_given_what_it_asks_for_in_any_order():
    macro = "{% macro said(a, b=2, c='<') %}{{ a }}{{ b }}{{ c }}{% endmacro %}"

    assert (
        shown(macro + "{{ said(1) }} {{ said(1, 3) }} {{ said(c=4, a='&') }}")
        == "12&lt; 13&lt; &amp;24"
    )
