"""Every address of the desk, tried by everybody who may stand before it, with things that are
really there.

What is expected stands in addresses.txt, one line an address: whoever adds an address says there
who gets in.
"""

import re
from urllib.parse import unquote_plus, urlencode

import pytest
from django.db.models import Model
from django.urls import URLResolver, get_resolver, resolve

from tests.web.outsiders.conftest import ask
from tests.web.outsiders.table import OUTSIDE, ROLES, lines
from tests.web.outsiders.whole_desk import IDS_FROM

pytestmark = pytest.mark.django_db
LINES = lines()


def patterns(resolver=None, before=""):
    """Yield every address the resolver knows, as a route, with what answers there."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, route)
        else:
            yield route, pattern.callback


def test_every_address_has_a_line_and_every_line_an_address(desks):
    asked = [resolve(line.at(desks.home)).func for line in LINES]
    routes = [resolve(line.at(desks.home)).route.replace("^", "") for line in LINES]
    assert len(set(routes)) == len(routes), "two lines for one address"
    assert sorted({route.replace("^", "") for route, _ in patterns()} - set(routes)) == []
    assert set(asked) == {answers for _, answers in patterns()}


def test_every_id_in_an_address_is_of_something_that_is_there(desks):
    """An id that nobody has is not found by anybody: that would prove nothing."""
    for line in LINES:
        found = resolve(line.at(desks.home))
        numbers = [value for name, value in found.captured_kwargs.items() if isinstance(value, int)]
        assert len(numbers) == len(
            [thing for thing in line.things if isinstance(row_of(desks, thing), Model)]
        ), line
        assert all(number >= IDS_FROM for number in numbers), line.address


def row_of(desks, thing):
    return desks.home.rows.get(thing) if desks.home.things[thing].isdigit() else None


def test_somebody_gets_in_at_every_address_of_a_thing():
    """Else the thing may be one that nobody could reach, and shutting others out would prove
    nothing.
    """
    shut = [
        line.address
        for line in LINES
        if line.things and not any("o" in two for two in line.answers.values())
    ]
    assert [address for address in shut if not address.startswith(NOT_BY_A_PERSON)] == []


NOT_BY_A_PERSON = (
    "/hooks/",
    "/api/",
    "/account/2fa/webauthn/keys/",  # programs that sign; its owner is in no column
    "/kiosk/",
    "/display/",
    "/chat/",
    "/live/chat/",  # devices and visitors, known by a secret in a header or a cookie
)


@pytest.mark.parametrize("role", ROLES)
def test_everybody_is_answered_as_the_table_says(desks, clients, role):
    wrong = {}
    for line in LINES:
        for method, expected in zip(("GET", "POST"), line.answers[role], strict=True):
            answer = ask(clients[role], method, line.at(desks.home), said="text=x")
            told = faults(desks, role, line, answer, expected)
            if told:
                wrong[f"{method} {line.address}"] = told
    assert wrong == {}


def faults(desks, role, line, answer, expected):
    """Return what is wrong with an answer, in words; "" when nothing is."""
    if answer.letter != expected:
        return f"{answer.status} is “{answer.letter}”, not “{expected}”"
    if role in ("requester", "agent", "lead", "owner") or line.by_link:
        return ""
    if role in OUTSIDE and b"Quokka" in answer.body:
        return "tells words of another: " + str(
            answer.body[max(0, answer.body.find(b"Quokka") - 60) :][:120]
        )
    if expected != "o" and answer.writes:
        return f"was refused and wrote {answer.writes[0][0][:80]}"
    foreign = [write for write in answer.writes if concerns(desks.home, desks.person(role), write)]
    return f"wrote of another's things: {foreign[0]}"[:300] if foreign else ""


def concerns(home, person, write):
    """Whether a statement writes of a thing of the home desk that is neither the person nor for all
    its requesters.
    """
    own = {person.pk, *(contact.pk for contact in person.contacts.all())} if person else set()
    if own and min(own) >= IDS_FROM:
        own |= {home.rows[name].pk for name in FOR_ITS_REQUESTERS}
    if write[0].startswith('UPDATE "deskbook_contact" SET "user_id"'):
        # One address is one user at every desk.
        own |= {user.pk for user in home.people.values() if user}
    # A promise's or a visit's id is drawn, and may be all digits: those of rows are no larger.
    given = {value for value in numbers_in(write[1]) if IDS_FROM <= value < 2 * IDS_FROM}
    return bool(given - own)


FOR_ITS_REQUESTERS = ("HelpDesk", "Article", "ArticleText", "ArticleVersion")
"""What a requester's reading and asking may be written down with."""


def numbers_in(params):
    for value in params or ():
        if isinstance(value, int):
            yield value
        elif isinstance(value, str) and value.isdecimal() and len(value) < 12:
            yield int(value)
        elif isinstance(value, list | tuple):
            yield from numbers_in(value)


def test_every_other_method_is_refused_everywhere(desks, clients):
    for line in LINES:
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "BREW"):
            assert ask(clients["owner"], method, line.at(desks.home)).status == 405, (
                f"{method} {line.address}"
            )


# ----- things of another in what is said at one's own address

#: What a form of the desk calls things of others; each is given in turn everything of that name.
NAMED = {
    "requester": ("Contact", "requester mail"),
    "contact": ("Contact",),
    "caller": ("requester mail",),
    "other": ("Contact", "Ticket"),
    "arrives": ("requester mail",),
    "leaves": ("Contact",),
    "person": ("Agent",),
    "people": ("Agent",),
    "agent": ("Agent",),
    "owner": ("agent mail",),
    "for": ("Agent",),
    "seat": ("Agent",),
    "ticket": ("Ticket",),
    "case": ("Ticket",),
    "instead": ("Ticket",),
    "mail": ("InboundMail",),
    "call": ("Call",),
    "shift": ("Shift",),
    "token": ("Token",),
    "file": ("Attachment",),
    "remove": ("ContactIdentity",),
    "gap": ("Gap",),
    "finding": ("Finding",),
    "read": ("LogEntry",),
    "after": ("LogEntry",),
    "to": ("to agent",),
    "desk": ("desk",),
    "not": ("Ticket",),
    "title": ("finding title",),
    "q": ("words",),
    "export": ("ChatExport",),
    "day": ("SiteDay",),
    "key": ("draft key",),
    "counter": ("counter",),
    "address": ("requester mail",),
    "organisation": ("organisation",),
    "site": ("site",),
    "logged": ("Ticket",),
}


def said_of(home, turn):
    """Return a form full of another's things."""
    rows, things = home.rows, home.things
    more = {
        "requester mail": rows["ContactIdentity"].identifier,
        "agent mail": rows["User"].email,
        "to agent": f"person:{things['Agent']}",
        "finding title": rows["Finding"].title,
        "words": home.mark,
        "draft key": f"answer {things['Ticket']}/text",
        "counter": rows["CounterSeat"].counter,
        "organisation": rows["Organisation"].name,
    }
    given = {name: {**things, **more}[chosen[turn % len(chosen)]] for name, chosen in NAMED.items()}
    return {**given, "text": "x", "reason": "x", "name": "x", "subject": "x", "act": "answer"}


def own_addresses(desks, role):
    """Yield the addresses somebody from outside may open, as they are for things of their own."""
    whole = desks.away if role == "stranger" else desks.home
    for line in LINES:
        insider = "owner" if role == "stranger" else role
        if (
            not line.by_link
            and "o" in line.answers[insider]
            and not line.address.startswith("/account")
        ):
            yield line.at(whole)


@pytest.mark.parametrize("role", ["stranger", "other"])
@pytest.mark.parametrize("turn", [0, 1])
def test_things_of_another_are_not_reached_from_ones_own_address(desks, clients, role, turn):
    """Whatever stands in a form or behind the question mark: nothing is told, no row points at what
    is another's.
    """
    said, wrong = urlencode(said_of(desks.home, turn)), {}
    for address in own_addresses(desks, role):
        for method, where, body in (("GET", f"{address}?{said}", ""), ("POST", address, said)):
            answer = ask(clients[role], method, where, said=body)
            wrote = [
                write for write in answer.writes if concerns(desks.home, desks.person(role), write)
            ]
            if answer.status >= 500 or wrote or tells(answer, said):
                wrong[f"{method} {address}"] = (answer.status, wrote[:1], tells(answer, said))
    assert wrong == {}


def tells(answer, said):
    """Return what an answer says with the mark of another desk, beyond what was typed and is shown
    again.
    """
    words = {word.decode() for word in re.findall(rb"Quokka[\w. -]*", answer.body)}
    typed = unquote_plus(said)
    return sorted(word for word in words if word.strip(" .") not in typed)
