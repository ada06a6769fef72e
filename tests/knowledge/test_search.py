"""Finding articles in the five languages, as people type."""

import pytest

from deskbook.knowledge.search import find, significant
from tests.people_factory import make_desk

EVERYBODY = ["public"]


@pytest.fixture
def found(desk):
    """Return the titles found for the words."""

    def titles(words, language="en", audiences=EVERYBODY):
        hits = find(desk.pk, words, language=language, audiences=audiences)
        return [str(hit.text) for hit in hits]

    return titles


def test_a_word_is_found_by_its_beginning_while_it_is_typed(article, found):
    article("Print the payroll report")
    for typed in ("pri", "payr", "PAYROLL rep", "the report!"):
        assert found(typed) == ["Print the payroll report"], typed
    assert found("invoice") == []


def test_an_english_word_is_found_by_its_stem(article, found):
    article("Importing schools", "Schools are imported from a file.")
    assert found("imports") == ["Importing schools"]


def test_a_portuguese_word_is_found_without_its_accents_and_in_the_plural(article, found):
    article("Sincronização do telemóvel", "Os dados sincronizam à noite.", language="pt")
    for typed in ("sincronizacao", "sincronizações", "telemovel", "SINCRONIZAÇÃO"):
        assert found(typed, "pt") == ["Sincronização do telemóvel"], typed


def test_a_malayalam_word_is_found_with_another_ending_and_in_the_old_spelling(article, found):
    article("ശമ്പള ബിൽ തയ്യാറാക്കാൻ", "ശമ്പളം", language="ml")
    for typed in ("ശമ്പളത്തിന്റെ", "ശമ്പള", "ബില്\u200d", "ബിൽ"):
        assert found(typed, "ml") == ["ശമ്പള ബിൽ തയ്യാറാക്കാൻ"], typed


def test_a_hindi_word_is_found_by_its_stem(article, found):
    article("वेतन बिल बनाना", "कर्मचारियों का वेतन", language="hi")
    assert found("कर्मचारी वेतन", "hi") == ["वेतन बिल बनाना"]


def test_an_odia_word_is_found_however_its_dotted_letter_is_written(article, found):
    article("ପଡ଼ିଆ ମଷ୍ଟର ରୋଲ", language="or")
    assert found("ପଡ\u0b3cିଆ", "or") == ["ପଡ଼ିଆ ମଷ୍ଟର ରୋଲ"]
    assert found("ମଷ୍ଟ", "or") == ["ପଡ଼ିଆ ମଷ୍ଟର ରୋଲ"]


def test_keywords_find_an_article_by_what_people_call_it(article, found):
    article("Sign in again", keywords="OTP, locked out, password")
    assert found("i am locked out") == ["Sign in again"]


def test_of_a_sentence_two_words_must_occur_or_one_in_the_title(article, found):
    article("Vacation", "How leave is entered in the calendar of the school board.")
    assert found("The school bus is late") == []
    assert found("who enters leave in the calendar?") == ["Vacation"]
    assert found("my vacation disappeared somewhere") == ["Vacation"]


def test_what_fits_the_title_comes_before_what_fits_somewhere(article, found):
    article("Users", "An invoice is seen by the users of one school.")
    article("Print an invoice", "Users print it.")
    assert found("invoice users print")[0] == "Print an invoice"


def test_an_article_comes_once_and_in_the_language_of_who_looks(article, translation, found):
    text = article("Payroll report", keywords="salario")
    translation(text, "pt", "Relatório de salários")
    assert found("payroll", "pt") == ["Relatório de salários"]
    assert found("relatorio", "en") == ["Payroll report"]
    assert found("salarios", "ml") == ["Relatório de salários"]


def test_drafts_other_audiences_and_other_desks_stay_hidden(article, draft, found):
    draft("Secret draft")
    article("Secret for agents", audience="agents")
    assert found("secret") == []
    assert found("secret", audiences=["public", "agents"]) == ["Secret for agents"]
    article("Public")
    assert find(make_desk("mukta").pk, "public", language="en", audiences=EVERYBODY) == []


@pytest.mark.parametrize(
    "typed", ["", "  ", "the of and", "a' & ! | (:*", "\x00", "'; drop table", "\\", "🙂", "<->"]
)
def test_whatever_is_typed_the_search_answers(article, found, typed):
    article()
    assert found(typed) == []


def test_long_typing_is_cut_to_the_first_words_that_say_something():
    assert significant("I cannot open the muster roll of the ward, please help") == [
        "open",
        "muster",
        "roll",
        "ward",
    ]
    assert len(significant(" ".join(f"word{n}" for n in range(100_000)))) == 12
