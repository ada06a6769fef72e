"""Numbers of thousands of digits, NUL, halves of characters: at every address, in every field,
never a broken page.
"""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.http import FileResponse
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.urls.converters import IntConverter, SlugConverter

import deskbook.web
from deskbook.web.acts.registry import ACTS

DIGITS = "9" * 4_301
FIELD = re.compile(
    r"""(?:GET|POST|given|asked|data|values|said|typed)(?:\.get(?:list)?\(|\[)\s*"([\w. -]+)\""""
)
CONVERTERS = (IntConverter, SlugConverter)

PARTS = {
    "promise": "p1",
    "clock": "response",
    "step": "s",
    "paper": "p",
    "form": "freeze.csv",
    "what": "contacts",
    "act": "proposal",
    "visit": "v1",
    "site": "pmu",
}


def patterns(resolver=None, prefix=""):
    """Return every address as (text with <names>, its converters)."""
    for one in (resolver or get_resolver()).url_patterns:
        route = prefix + str(one.pattern).replace("\\Z", "")
        if isinstance(one, URLPattern):
            yield route, one.pattern.converters
        else:
            yield from (
                (path, {**one.pattern.converters, **kinds}) for path, kinds in patterns(one, route)
            )


def filled(route, kinds, usual, odd=None):
    """Return the address with its usual parts, or with `odd` where any text may stand."""

    def part(found):
        name = found.group(1).rpartition(":")[2]
        if odd is not None and not isinstance(kinds.get(name), CONVERTERS):
            return odd
        return str(usual.get(name, 1))

    return "/" + re.sub(r"<([^>]+)>", part, route)


def fields():
    """Return every name under which anything of the web looks for what was typed."""
    sources = Path(deskbook.web.__file__).parent.rglob("*.py")
    of_acts = {name for act in ACTS.values() for name in act.base_fields}
    return sorted(
        of_acts
        | {name for source in sources for name in FIELD.findall(source.read_text(encoding="utf-8"))}
    )


@pytest.fixture
def usual(case, desk):
    return {
        **PARTS,
        "key": desk.key,
        "desk": desk.key,
        "slug": desk.key,
        "number": str(case),
        "token": "t" * 32,
    }


def read(answer):
    """Return an answer that is read to its end, as a server does: then its file is closed."""
    if isinstance(answer, FileResponse):
        b"".join(answer)
    return answer


def broken(client, addresses, given=""):
    """Return the addresses that answer with a broken page, asked and sent `given`."""
    client.raise_request_exception = False
    form = "application/x-www-form-urlencoded"
    return [
        address[:80]
        for address in sorted(addresses)
        if read(client.get(f"{address}?{given}")).status_code >= 500
        or read(client.post(address, given, content_type=form)).status_code >= 500
    ]


@pytest.mark.parametrize(
    "odd", ["%00", DIGITS, "%ED%A0%80"], ids=["nul", "digits", "half a character"]
)
def test_no_odd_address_breaks_a_page(console, usual, odd):
    assert (
        broken(
            console,
            {filled(route, kinds, usual, odd) for route, kinds in patterns() if "<str:" in route},
        )
        == []
    )


def test_no_number_in_an_address_is_too_long_for_a_page(console, usual):
    numbered = [(route, kinds) for route, kinds in patterns() if "<int:" in route]
    long = {
        **usual,
        **{name: DIGITS for _route, kinds in numbered for name in kinds if name not in usual},
    }
    assert broken(console, {filled(route, kinds, long) for route, kinds in numbered}) == []


@pytest.mark.parametrize(
    ("who", "where"), [("console", "/console/"), ("requester", "/desk/"), ("requester", "")]
)
@pytest.mark.parametrize("odd", ["a%00b", DIGITS], ids=["nul", "digits"])
def test_no_odd_word_in_any_field_breaks_a_page(request, who, where, usual, odd):
    addresses = {filled(route, kinds, usual) for route, kinds in patterns()} - {"/account/logout/"}
    asked = {
        one for one in addresses if one.startswith(where or ("/console/", "/desk/")) == bool(where)
    }
    given = "&".join(f"{name.replace(' ', '+')}={odd}" for name in fields())
    assert broken(request.getfixturevalue(who), asked, given) == []


@pytest.fixture
def requester(chitra, case):
    client = Client()
    client.force_login(chitra.user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize(
    "odd", ['"\\u0000"', '"\\ud800"', DIGITS, "1" + "0" * 400, "1e400", "[[[[[]]]]]", "[" * 20_000]
)
def test_no_odd_json_breaks_a_hook(client, usual, odd):
    client.raise_request_exception = False
    said = f"{{{','.join(f'{json.dumps(name)}: {odd}' for name in fields())}}}"
    for route, kinds in patterns():
        if route.startswith(("hooks/", "kiosk/", "console/whatsapp")):
            address = filled(route, kinds, usual)
            assert client.post(address, said, content_type="application/json").status_code < 500, (
                address
            )


@pytest.mark.parametrize(
    "name", [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "messages", "visitor"]
)
@pytest.mark.parametrize("odd", ['"a\\000b"', DIGITS, "\xff"])
def test_no_odd_cookie_breaks_a_page(client, desk, name, odd):
    client.raise_request_exception = False
    for path in ("/", "/console/", "/account/login/", f"/desk/{desk.key}/"):
        assert client.get(path, headers={"cookie": f"{name}={odd}"}).status_code < 500, (path, name)
