"""Code of templates that tests keep is never older than what it is made by, nor in another's
language.
"""

import pytest
from django.template import engines
from django.utils import translation
from jinja2 import DictLoader

from tests.templates import environment, made_by


@pytest.fixture
def folder(settings, tmp_path):
    settings.DESKBOOK_DATA = tmp_path
    return tmp_path


def shown(language, source):
    """Return the page as a process shows it that has shown nothing yet."""
    new = environment(loader=DictLoader({"page": source}))
    new.language = language
    with translation.override(language):
        return new.get_template("page").render()


def test_a_page_kept_in_one_language_is_not_shown_in_another(folder):
    assert [shown(language, "{{ _('Note') }}") for language in ("en", "pt", "en")] == [
        "Note",
        "Nota",
        "Note",
    ]


def test_a_page_written_anew_is_shown_as_it_is_written_now(folder):
    assert [shown("en", page) for page in ("old", "new", "new")] == ["old", "new", "new"]


def test_what_one_process_made_is_found_by_the_next(folder):
    shown("en", "page")
    kept = {path: path.stat().st_mtime_ns for path in folder.rglob("*.cache")}
    shown("en", "page")
    assert kept
    assert kept == {path: path.stat().st_mtime_ns for path in folder.rglob("*.cache")}


def test_words_translated_anew_have_pages_of_their_own(tmp_path):
    (tmp_path / "web").mkdir()
    for name in ("compiled", "refresh", "jinja"):
        (tmp_path / f"web/{name}.py").write_text("")
    words = tmp_path / "locale/pt/LC_MESSAGES/django.mo"
    words.parent.mkdir(parents=True)
    words.write_bytes(b"Nota")
    before = made_by(tmp_path)
    words.write_bytes(b"Apontamento")
    assert made_by(tmp_path) != before


def test_the_pages_that_tests_show_are_kept():
    assert engines["jinja2"].env.bytecode_cache
