"""A book in other languages: who reads it sees other words, and nothing is decided by them."""

from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from deskbook.book.load import load_book

BOOKS = Path(__file__).parents[2] / "books"
FOR_PEOPLE = {"title", "means", "hint", "when_closed", "examples", "words", "translations"}
DESK = """deskbook: 1
name: Harbour
zone: Europe/Lisbon
languages: [en, pt]
hours: { office: { mon-fri: 09:00-18:00 } }
"""
BOOK = f"""{DESK}
severities:
  S1: {{ name: Critical, means: Nobody can work. }}
  normal: {{ default: yes }}
stages:
  new:
  waiting: {{ means: We asked., next: third party, needs: vendor }}
  closed: {{ closed: yes }}
categories:
  login: {{ means: Cannot sign in., steps: [Look it up, {{ step: Reset it, hint: In the tool. }}] }}
in:
  pt:
    severities: {{ S1: {{ name: Crítica, means: Ninguém pode trabalhar. }}, normal: Comum }}
    stages:
      new: Novo
      waiting: {{ name: À espera, means: Perguntámos. }}
      closed: Encerrado
    categories: {{ login: {{ name: Entrada, means: Não consegue entrar. }} }}
    words: {{ office: Expediente, look it  up: Procurar, Reset it: Repor, In the tool.: Na ferramenta., vendor: fornecedor }}
"""


def said_by(text, code):
    return [finding.message for finding in load_book(text).findings if finding.code == code]


def keys_of(one, name=""):
    """Return everything of a desk that is not words for people; a facet's values are those too."""
    if is_dataclass(one):
        return {
            field.name: keys_of(getattr(one, field.name), f"{type(one).__name__}.{field.name}")
            for field in fields(one)
            if field.name not in FOR_PEOPLE and field.compare
        }
    if isinstance(one, dict):
        return list(one) if name == "Facet.values" else {k: keys_of(v) for k, v in one.items()}
    return [keys_of(each) for each in one] if isinstance(one, tuple | list) else one


@pytest.mark.parametrize("book", ["salama", "spark", "mukta"])
def test_nothing_but_words_for_people_is_other_in_another_language(book):
    own = load_book(BOOKS / f"{book}.yaml").desk
    assert own.translations.keys() > {""}
    for desk in own.translations.values():
        assert keys_of(desk) == keys_of(own)


def test_a_reader_sees_stages_severities_and_categories_in_their_language():
    desk = load_book(BOOK).desk.in_language("pt")
    assert [stage.title for stage in desk.stages.values()] == ["Novo", "À espera", "Encerrado"]
    assert desk.stages["waiting"].means == "Perguntámos."
    assert [level.title for level in desk.severities.values()] == ["S1 – Crítica", "Comum"]
    assert desk.facets["category"].values == {"login": "Entrada"}
    assert desk.facets["category"].means == {"login": "Não consegue entrar."}


def test_a_reader_sees_steps_and_what_a_stage_needs_in_their_language():
    desk = load_book(BOOK).desk.in_language("pt")
    steps = [(step.key, step.title, step.hint) for step in desk.procedures[0].steps]
    assert steps == [("look it up", "Procurar", ""), ("reset it", "Repor", "Na ferramenta.")]
    assert (desk.stages["waiting"].needs, desk.said("vendor")) == (("vendor",), "fornecedor")


def test_a_reader_in_a_language_the_book_does_not_have_sees_its_own_words():
    own = load_book(BOOK).desk
    assert own.in_language("ml") == own
    assert own.in_language("pt").in_language("en").stages["new"].title == "New"
    assert load_book(DESK).desk.in_language("pt").stages["new"].title == "New"


def test_of_a_language_with_a_region_the_language_is_enough():
    assert load_book(BOOK).desk.in_language("pt-mz").stages["new"].title == "Novo"


def test_a_book_that_says_all_of_it_is_told_nothing():
    assert load_book(BOOK).findings == ()


def test_what_is_not_translated_is_counted_in_one_line_for_each_language():
    text = BOOK.replace("      closed: Encerrado\n", "").replace("Reset it: Repor, ", "")
    assert said_by(text, "untranslated") == [
        "2 of 14 texts not in pt (stages 1, words 1), for example 'closed': write them under `in`"
    ]


def test_a_language_only_requesters_read_needs_no_steps():
    in_ml = BOOK.replace("[en, pt]", "[en, pt, ml]")
    assert said_by(in_ml, "untranslated") == [
        "7 of 7 texts not in ml (stages 4, severities 3), for example 's1': write them under `in`"
    ]


def test_a_book_written_in_another_language_than_its_first_says_so():
    text = BOOK.replace("[en, pt]", "[pt, en]")
    assert len(said_by(text, "untranslated")) == 1
    assert said_by(f"{text}written in: en\n", "untranslated") == []


@pytest.mark.parametrize(
    ("right", "wrong", "code", "words"),
    [
        ("new: Novo", "nw: Novo", "unknown-name", "no 'nw' under stages: did you mean 'new'?"),
        ("{ login: {", "{ log-in: {", "unknown-name", "did you mean 'login'?"),
        ("new: Novo", "new: { hint: Novo }", "unknown-key", "`hint` is nothing of 'new'"),
        ("Reset it: Repor", "Reset them: Repor", "no-such-text", "did you mean 'Reset it'?"),
        ("new: Novo", "new: { title: Novo }", "unknown-key", "title"),
    ],
)
def test_words_for_what_the_book_does_not_have_are_found(right, wrong, code, words):
    [said] = said_by(BOOK.replace(right, wrong), code)
    assert words in said


def test_a_name_that_is_a_code_needs_no_translation():
    text = f"{DESK}teams: {{ PMU: , help desk: }}\nrouting: {{ first: PMU }}\n"
    assert said_by(text, "untranslated") == [
        "2 of 2 texts not in pt (teams 1, words 1), for example 'help desk': write them under `in`"
    ]
