"""Scripts import each other by the names that browsers keep for good."""

import re

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from deskbook.web.static_files import collect, without_comments

HASHED = {"staticfiles": {"BACKEND": "deskbook.web.static_files.HashedFiles"}}


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    there = tmp_path_factory.mktemp("collected")
    with override_settings(STATIC_ROOT=there, STORAGES=settings.STORAGES | HASHED):
        call_command("collectstatic", interactive=False, verbosity=0)
    return there


def test_what_a_script_imports_is_named_by_its_hash(collected):
    scripts = [path for path in collected.glob("js/*.js") if path.suffixes[:-1]]
    imports = {
        name for path in scripts for name in re.findall(r'from "\./([^"]+)"', path.read_text())
    }
    assert imports
    assert {name for name in imports if not (collected / "js" / name).exists()} == set()
    assert all(re.fullmatch(r"\w+\.[0-9a-f]{12}\.js", name) for name in imports)


def test_files_lie_compressed_beforehand_for_every_browser(collected):
    sheet = next(collected.glob("css/console.????????????.css"))
    brotli, gzip = (sheet.with_name(f"{sheet.name}.{kind}").stat().st_size for kind in ("br", "gz"))
    assert brotli < gzip < sheet.stat().st_size


@pytest.fixture
def few(settings, tmp_path):
    """A desk with one style sheet, and the folder its files are collected in."""
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [tmp_path / "ours"]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = settings.STORAGES | HASHED
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours/desk.css").write_text("p { color: red }" * 100)
    return tmp_path / "ours/desk.css", settings.STATIC_ROOT


def test_a_web_server_that_starts_again_collects_nothing_that_lies_there(few):
    _sheet, there = few
    collect()
    (there / "staticfiles.json").unlink()  # whoever collects writes it
    collect()
    assert not (there / "staticfiles.json").exists()


def test_what_is_changed_or_was_collected_by_half_is_collected_again(few):
    sheet, there = few
    collect()
    sheet.write_text("p { color: blue }" * 100)
    collect()
    assert len(list(there.glob("desk.*.css"))) == 2
    (there / "made-of").unlink()  # it is written last
    (there / "staticfiles.json").unlink()
    collect()
    assert (there / "staticfiles.json").exists()


def test_what_no_page_links_to_is_not_compressed_and_nothing_older_stands_in_for_it(few):
    _sheet, there = few
    there.mkdir()
    (there / "desk.css.br").write_bytes(b"of an older version")
    collect()
    assert {path.name.split(".")[-1] for path in there.glob("desk.*.css.*")} == {"br", "gz"}
    assert list(there.glob("desk.css.*")) == []


def test_a_style_sheet_is_sent_without_its_comments_but_with_licences_and_what_never_ends():
    sheet = b"/* why */\na { b: c }\n/*! Licence */ d { e: f } /* to the end"
    assert without_comments(sheet) == (b"a { b: c }\n/*! Licence */ d { e: f } /* to the end")
