"""Every language a requester may choose says everything."""

import gettext
import json
import re

import pytest
from django.conf import settings
from django.test import Client

from tests.web.portal.conftest import signed_in
from tests.web.requester_strings import PACKAGE, requester_strings

OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]


def catalogue(code):
    with (PACKAGE / f"locale/{code}/LC_MESSAGES/django.mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled)


def said(known, context, text):
    return known.pgettext(context, text) if context else known.gettext(text)


def test_the_strings_of_templates_and_of_modules_are_found():
    found = requester_strings()
    assert found[(None, "We answer by {when}.")] == "next_step.py"
    assert found[(None, "We mail you a code. There is no password.")] == "login.html"
    assert len(found) > 100


@pytest.mark.parametrize("code", OTHERS)
def test_no_string_is_missing(code):
    known = catalogue(code)._catalog
    wanted = {
        f"{context}\x04{text}" if context else text: where
        for (context, text), where in requester_strings().items()
    }
    assert {
        text: where
        for text, where in wanted.items()
        if not (known.get(text) or known.get((text, 0)))
    } == {}


@pytest.mark.parametrize("code", OTHERS)
def test_every_sentence_keeps_the_places_for_names_and_times(code):
    known = catalogue(code)
    for context, text in requester_strings():
        places = re.findall(r"\{\w+\}|%\(\w+\)s", text)
        assert sorted(re.findall(r"\{\w+\}|%\(\w+\)s", said(known, context, text))) == sorted(
            places
        ), text


@pytest.mark.parametrize("code", OTHERS)
def test_the_compiled_catalogue_is_the_one_that_was_written(code):
    written = (PACKAGE / f"locale/{code}/LC_MESSAGES/django.po").read_text()
    known = catalogue(code)
    entries = re.findall(
        r'^(?:msgctxt (".*")\n)?msgid (".+")\nmsgstr (".*")$', written, re.MULTILINE
    )
    assert len(entries) > 100
    for context, text, translation in entries:
        if text != '""':
            assert said(
                known, json.loads(context) if context else None, json.loads(text)
            ) == json.loads(translation)


@pytest.mark.parametrize("code", OTHERS)
def test_a_case_is_followed_in_the_readers_language(cast, code):
    client, ticket = signed_in(cast.chitra), cast.case()
    client.post("/language/", {"language": code})
    page = client.get(f"/desk/sparkrock/cases/{ticket}/").content.decode()
    assert f'lang="{code}"' in page
    assert "We answer by" not in page
    assert catalogue(code).gettext("Your answer") in page


def test_the_browsers_language_is_enough(cast):
    assert (
        "Obter ajuda"
        in Client(headers={"accept-language": "pt-BR,pt;q=0.9"}).get("/").content.decode()
    )


def test_dates_are_in_odia_though_the_framework_has_none(cast):
    client, ticket = signed_in(cast.chitra), cast.case()
    client.post("/language/", {"language": "or"})
    page = client.get(f"/desk/sparkrock/cases/{ticket}/").content.decode()
    day = re.search(r"<time[^>]*>([^<]*)</time>", page)[1]
    assert not re.search(
        r"Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec", day
    )
