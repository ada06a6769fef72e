"""Whoever works at a desk reads all of Deskbook in English or in Portuguese."""

import re

import pytest
from django.utils import translation

from deskbook.engine.desk import Facet
from deskbook.people.models import User
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refusal, Word
from deskbook.web.told import facet_title
from tests.people_factory import make_agent
from tests.screens import WIDTHS, holds
from tests.web.all_strings import all_strings, plurals
from tests.web.portal.test_languages import catalogue, said
from tests.web.requester_strings import PACKAGE


def test_no_string_is_missing_in_portuguese():
    known, forms = catalogue("pt")._catalog, plurals()
    missing = {
        text: where
        for (context, text), where in all_strings().items()
        if not known.get(
            (text, 0) if text in forms else f"{context}\x04{text}" if context else text
        )
    }
    assert missing == {}


def test_every_sentence_keeps_the_places_for_names_and_times():
    known, forms = catalogue("pt"), plurals()
    for context, text in all_strings():
        if text not in forms:
            assert places(said(known, context, text)) == places(text), text


@pytest.mark.parametrize("count", [1, 5])
def test_a_number_and_what_it_counts_agree(count):
    known = catalogue("pt")
    for one, many in plurals().items():
        assert places(known.ngettext(one, many, count)) <= places(many), one
    with translation.override("pt"):
        assert translation.ngettext("ticket", "tickets", count) == (
            "ticket" if count == 1 else "tickets"
        )
        assert translation.ngettext("line", "lines", count) == ("linha" if count == 1 else "linhas")


def test_one_thing_is_called_by_one_name():
    """A desk is never a counter: visitors stand at counters with their tokens."""
    written = (PACKAGE / "locale/pt/LC_MESSAGES/django.po").read_text()
    called = dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"$', written, re.MULTILINE))
    assert [
        text for text, said in called.items() if "desk" in text.lower() and "balcão" in said.lower()
    ] == []
    assert [
        text
        for text, said in called.items()
        if "counter" in text.lower() and "serviço" in said.lower()
    ] == []


def test_a_refusal_is_told_in_portuguese_with_what_it_names():
    known = {"value": "x", "known": ("a", "b")}
    with translation.override("pt"):
        assert (
            in_words(Refusal("unknown value", word="stage", **known))
            == "O livro não tem stage “x”: tem a, b."
        )
        assert in_words(Refusal("merge: itself")) == "Um ticket não se pode juntar a si próprio."
        refused = Refusal("stage refuses", stage="Solved", act=Word("to answer"))
        assert in_words(refused) == "Na fase “Solved” o livro recusa responder."
        held = Refusal("deciding team", team="PAO", line=12)
        assert in_words(held) == "PAO decide sobre as visitas (linha 12 do livro): pergunte-lhes."


def test_what_every_book_sorts_by_is_named_in_portuguese_unless_the_book_names_it():
    with translation.override("pt"):
        titles = [
            facet_title(Facet(key="category", title=title, values={}))
            for title in ("Category", "Que serviço")
        ]
    assert titles == ["Categoria", "Que serviço"]


def test_an_agent_who_chose_portuguese_works_in_it(console, asha, case, at_ticket):
    asha.user.language = "pt"
    asha.user.save()
    for address, words in (("/console/", "As minhas equipas"), (at_ticket(), "Cronologia")):
        page = console.get(address, follow=True).content.decode()
        assert 'lang="pt"' in page
        assert re.search(words, page)
        assert not re.search("My teams|Timeline|Next ticket", page)


SCREENS = (
    "?queue=open",
    "tickets/new",
    "calls/new",
    "call-backs/",
    "contacts/",
    "people/",
    "people/codes",
    "roster/",
    "lists/",
    "articles/",
    "articles/new",
    "improvements/",
    "improvements/ratings",
    "left-over/",
    "left-over/?show=left-out",
    "texts/",
    "texts/gateway",
    "bridges/",
    "bridges/jira",
    "telephone/",
    "search?q=payroll",
    "visits/",
)


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "pt"])
def test_every_screen_holds_in_both_languages_whatever_the_letters(
    page, sign_in, desk, open_case, language
):
    owner = make_agent(desk, "Bala", role="owner")
    User.objects.filter(pk=owner.user_id).update(language=language)
    sign_in(page, owner.user)
    for address in (f"tickets/{open_case()}", *SCREENS):
        page.goto(f"/console/{address}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            holds(page, f"{address} in {language}")


def places(text):
    return sorted(re.findall(r"\{\w+[:\w]*\}|%\(\w+\)s", text))


NEWER = (
    "ação ações ativa ativo ativas ativos ativar ato atos atual atuais atualização"
    " atualizar atualizado coletivo correto correta correção desativar desativada desativado"
    " deteta direta direto diretamente direção diretório diretor eletricidade exato exata exceção"
    " fatura faturas incorreto incorreta inspeção leem objetivo objeto proteção projeto projetos"
    " projetor receção recetor redação respetivo respetiva seleção selecionar setor veem"
)


def test_portuguese_is_spelt_as_mozambique_writes_it():
    """Its schools and offices keep the spelling of 1945: Mozambique has not ratified the later
    agreement.
    """
    for path in [PACKAGE / "locale/pt/LC_MESSAGES/django.po", *(PACKAGE / "demo").rglob("*.pt.md")]:
        said = re.sub(r'^msgid .*(\n".*")*', "", path.read_text(), flags=re.MULTILINE)
        words = set(re.findall(r"[a-zà-ÿ]+", said.lower()))
        assert words.isdisjoint(NEWER.split()), words.intersection(NEWER.split())
