"""A desk's gateway: what a text becomes on the wire, and what the gateway's answer means.

The address, headers and body are templates of the owner's. Their {placeholders} are filled in, each
escaped for the place it stands in; nothing else of them is interpreted.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, quote_plus, urlsplit

import httpx
from django.conf import settings

from deskbook.channels.sms.models import SmsGateway, TextMessage
from deskbook.people.models import HelpDesk
from deskbook.people.outward import NO_ANSWER_BEHIND
from deskbook.people.sealing import Unreadable, unsealed
from deskbook.people.text_parts import fits_gsm_7
from deskbook.refusals.kept import kept

PLACEHOLDERS = (
    "to",
    "to_digits",
    "text",
    "ref",
    "sender",
    "entity",
    "template",
    "unicode",
    "coding",
    "report",
    "account",
    "login",
    "secret",
    "basic",
)
_NAME = re.compile(r"\{([a-z_]+)\}")
REFUSES_US = frozenset({401, 402})
READ = 10_000
"""Characters of a gateway's answer that are looked at."""
_PATH = re.compile(r"[A-Za-z_][\w-]*(\.[\w-]+)*")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gateway made of a text."""

    taken: bool
    provider_id: str = ""
    reason: str = ""
    again: bool = False
    """It may be taken later: the gateway was not reached, is busy, or has failed itself."""
    wait_s: int = 0
    ours: bool = False
    """It refuses us, not this text: a key, a bill. An owner puts it right; no text is given up for
    it.
    """
    perhaps_ours: bool = False
    """A right that is missing, perhaps for this number or country alone: leads are told, and the
    others are tried.
    """
    may_be_there: bool = False
    """It was given the text and fell silent."""


def gateway_of(helpdesk: HelpDesk) -> SmsGateway | None:
    """Returns the desk's gateway, if it has one that is switched on."""
    return SmsGateway.objects.filter(desk=helpdesk, active=True).first()


def report_address(gateway: SmsGateway) -> str:
    """Returns the address the gateway reports to; for Twilio, which signs, without the token."""
    own = f"{settings.DESKBOOK_SITE_URL}/hooks/sms/{gateway.desk.key}/"
    return (
        own if gateway.report_check == SmsGateway.Check.TWILIO else f"{own}{gateway.report_token}/"
    )


def request_for(gateway: SmsGateway, text: TextMessage) -> httpx.Request:
    """Returns the HTTP request that hands a text to the gateway. Raises sealing.Unreadable."""
    values = _values(gateway, text)
    headers = {
        name: _filled(value, values, _one_line) for name, value in pairs(gateway.headers, ":")
    }
    url = _filled(gateway.url, values, lambda value: quote(value, safe=""))
    if gateway.body_kind == SmsGateway.Body.JSON:
        content = _filled(gateway.body, values, lambda value: json.dumps(value)[1:-1])
        return httpx.Request(
            gateway.method,
            url,
            headers={"Content-Type": "application/json", **headers},
            content=content,
        )
    fields = [(name, _filled(value, values, str)) for name, value in pairs(gateway.body, "=")]
    encoded = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in fields if value)
    if gateway.body_kind == SmsGateway.Body.QUERY:
        address = f"{url}{'&' if '?' in url else '?'}{encoded}" if encoded else url
        return httpx.Request(gateway.method, address, headers=headers)
    form = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    return httpx.Request(gateway.method, url, headers=form, content=encoded)


def media_request(gateway: SmsGateway, address: str) -> httpx.Request | None:
    """Returns the request that fetches a picture of a text with the gateway's credentials; None for
    an address that is not the gateway's own. Raises sealing.Unreadable.
    """
    try:
        told, own = httpx.URL(address), httpx.URL(gateway.url.partition("{")[0])
    except httpx.InvalidURL:
        return None
    if (told.scheme, told.host, told.port) != (own.scheme, own.host, own.port) or not told.host:
        return None
    headers = {
        name: _filled(value, _credentials(gateway), _one_line)
        for name, value in pairs(gateway.headers, ":")
        if name.casefold() == "authorization"
    }
    return httpx.Request("GET", told, headers=headers)


def answer_of(gateway: SmsGateway, response: httpx.Response) -> Answer:
    """Returns what a gateway's response says of a text."""
    said = response.text[:READ]
    if response.status_code == 429 or response.status_code >= 500:
        wait = response.headers.get("Retry-After", "")
        return Answer(
            False,
            "",
            _words(gateway, response, said),
            again=True,
            wait_s=int(wait) if wait.isdecimal() else 0,
            may_be_there=response.status_code in NO_ANSWER_BEHIND,
        )
    accepted = [line.strip() for line in gateway.accepted.splitlines() if line.strip()]
    if response.status_code in REFUSES_US:
        return Answer(False, "", _words(gateway, response, said), again=True, ours=True)
    if response.status_code == 403:
        return Answer(False, "", _words(gateway, response, said), again=True, perhaps_ours=True)
    if not response.is_success or (accepted and not any(_says(line, said) for line in accepted)):
        return Answer(False, "", _words(gateway, response, said))
    return Answer(True, _id_in(gateway.id_at, said)[:128])


def pairs(lines: str, mark: str) -> list[tuple[str, str]]:
    """Returns ("name", "value") of each line "name=value"; lines without the mark are left out."""
    parts = [line.partition(mark) for line in lines.splitlines()]
    return [(name.strip(), value.strip()) for name, found, value in parts if found and name.strip()]


def unknown_placeholders(*templates: str) -> list[str]:
    """Returns the {names} of templates that mean nothing."""
    named = [name for template in templates for name in _NAME.findall(template)]
    return [name for name in dict.fromkeys(named) if name not in PLACEHOLDERS]


def _values(gateway: SmsGateway, text: TextMessage) -> dict[str, str]:
    unicode = not fits_gsm_7(text.text)
    return {
        "to": text.number,
        "to_digits": text.number.lstrip("+"),
        "text": text.text,
        "ref": text.reference,
        "sender": gateway.sender,
        "entity": gateway.entity,
        "template": text.registered,
        "unicode": "unicode" if unicode else "plain",
        "coding": "2" if unicode else "0",
        "report": report_address(gateway),
        **_credentials(gateway),
    }


def _credentials(gateway: SmsGateway) -> dict[str, str]:
    secret = unsealed(gateway.secret)
    return {
        "account": gateway.account,
        "login": gateway.login,
        "secret": secret,
        "basic": base64.b64encode(f"{gateway.login or gateway.account}:{secret}".encode()).decode(),
    }


def _filled(template: str, values: dict[str, str], escaped: Callable[[str], str]) -> str:
    return _NAME.sub(lambda found: escaped(values.get(found[1], found[0])), template)


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _says(expression: str, said: str) -> bool:
    """Whether an answer says what an expression asks: "SMSMessage.Status = queued|sent", or words
    with * between.
    """
    path, equals, wanted = expression.partition("=")
    if equals and _PATH.fullmatch(path.strip()):
        found = _at(path.strip(), said)
        return found is not None and found in [word.strip() for word in wanted.split("|")]
    return (
        re.search(
            ".{0,500}?".join(re.escape(part) for part in expression.split("*")[:4]), said, re.S
        )
        is not None
    )


def _id_in(expression: str, said: str) -> str:
    """Returns the id an answer holds at "SMSMessage.Sid", or where {id} stands in words."""
    if "{id}" in expression:
        before, _mark, _after = expression.partition("{id}")
        found = re.search(re.escape(before) + r"([\w.:@-]+)", said)
        return found[1] if found else ""
    return _at(expression.strip(), said) or "" if expression.strip() else ""


def _at(path: str, said: str) -> str | None:
    try:
        found = json.loads(said)
        for step in path.split("."):
            found = found[int(step)] if isinstance(found, list) else found[step]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return None
    return None if isinstance(found, dict | list) or found is None else str(found)


def secret_goes(templates: Mapping[str, str]) -> tuple[str, ...]:
    """Returns to whom the secret goes and where in the request it stands, to see whether a change
    moves it.

    `templates` are a gateway's "url", "headers" and "body".
    """
    to = urlsplit(templates.get("url", ""))
    carrying = [
        templates.get(name, "").replace("\r\n", "\n").strip() for name in ("url", "headers", "body")
    ]
    return f"{to.scheme}://{to.netloc}".lower(), *(
        t for t in carrying if "{secret}" in t or "{basic}" in t
    )


def _struck(gateway: SmsGateway, said: str) -> str:
    """Returns a gateway's words without the secret: some give back what they were sent, and every
    agent reads them.
    """
    try:
        secret = unsealed(gateway.secret)
    except Unreadable:
        return said
    for spelled in filter(
        None, (secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1])
    ):
        said = said.replace(spelled, "•••")
    return said


def _words(gateway: SmsGateway, response: httpx.Response, said: str) -> str:
    return kept(
        "sms.said", words=f"{response.status_code} {' '.join(_struck(gateway, said).split())}"[:250]
    )
