"""Whom an agent means by what they typed: an address, a number, a name."""

import re

from django.db.models import Q
from django.utils.translation import gettext as _

from deskbook.channels.email.mailboxes import refuse_of_a_desk
from deskbook.channels.phone.callers import contact_by_name, desk_region, people_named
from deskbook.engine.addresses import ADDRESS, normal_address
from deskbook.engine.quoting import short
from deskbook.people.books import desk_in_force
from deskbook.people.contacts import begins_like, contact_by, find_or_make_contact
from deskbook.people.models import Agent, Contact, ContactIdentity
from deskbook.people.numbers import FEWEST_DIGITS, NoNumber, number_of
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.web.shared.fields import NotUnderstood
from deskbook.web.shared.staff_number import staff_number

MOST = 8
MOST_WORDS = 8
_NUMBER = re.compile(r"\+?[\d\s()/.-]{6,}")


def words_of(typed_text: str) -> list[str]:
    """Returns the first words of what was typed: two thousand take a database 18 s."""
    return typed_text[:200].split()[:MOST_WORDS]


def agents_like(agent: Agent, words: str) -> list[Agent]:
    """Returns the desk's agents whose name or address holds every word, by name."""
    agents = Agent.objects.filter(desk=agent.desk_id, is_active=True, user__is_active=True)
    people = agents.select_related("user").order_by("user__name", "pk")
    for word in words_of(words):
        people = people.filter(Q(user__name__icontains=word) | Q(user__email__icontains=word))
    return list(people[: MOST + 1])


def agent_typed(agent: Agent, text: str) -> Agent | None:
    """Returns the agent typed, None for nobody; raises NotUnderstood when it is unclear who."""
    text = text.strip()
    if not text:
        return None
    found = agents_like(agent, text)
    exact = [
        a
        for a in found
        if normal_address(text) == a.user.email or text.casefold() == a.user.name.casefold()
    ]
    if len(exact) == 1 or len(found) == 1:
        return (exact or found)[0]
    if not found:
        raise NotUnderstood(
            owner=_("Nobody at this desk is called “%(text)s”.") % {"text": short(text)}
        )
    names = ", ".join(str(a.user) for a in found[:4])
    raise NotUnderstood(
        owner=_("More than one person fits: %(names)s. Write more of the name.") % {"names": names}
    )


def contacts_like(agent: Agent, words: str) -> list[tuple[str, str, str]]:
    """Returns contacts by an address or number and by name: what to fill in, name, organisation."""
    start = words.strip().lower()
    if not start:
        return []
    known = ContactIdentity.objects.filter(begins_like(start), desk=agent.desk_id)
    by_address = list(known.select_related("contact__organisation").order_by("identifier")[:MOST])
    named = people_named(agent.desk, start) if len(by_address) < MOST else []
    by_name = (
        Contact.objects.filter(pk__in=named)
        .select_related("organisation")
        .prefetch_related("identities")
        .order_by("name")[:MOST]
    )
    found = {identity.identifier: identity.contact for identity in by_address}
    for contact in by_name:
        for identity in list(contact.identities.all())[:1]:
            found.setdefault(identity.identifier, contact)
    return [
        (identifier, f"{c} <{identifier}>", _organisation(c))
        for identifier, c in list(found.items())[:MOST]
    ]


def _organisation(contact: Contact) -> str:
    return contact.organisation.name if contact.organisation else ""


def requester_typed(agent: Agent, text: str, name: str = "", field: str = "requester") -> Contact:
    """Returns who is meant: known by address or number, made if new, or the only one so named."""
    if address := ADDRESS.search(text):
        return _by_address(agent, address.group(), name.strip() or text.partition("<")[0], field)
    if _NUMBER.fullmatch(text.strip()):
        return _by_number(agent, text.strip(), name, field)
    return _by_name(agent, text, field)


def _by_address(agent: Agent, address: str, name: str, field: str) -> Contact:
    refuse_of_a_desk_typed(address, field)
    shown = name.strip()
    return find_or_make_contact(
        agent.desk, "email", address, name="" if shown == address else shown
    )


def _by_number(agent: Agent, number: str, name: str, field: str) -> Contact:
    if known := contact_by(agent.desk, "pen", number):
        return known
    if sum(map(str.isdigit, number)) < FEWEST_DIGITS:
        raise NotUnderstood(**{field: _unknown(agent, number)})
    shown = name.strip()
    return find_or_make_contact(agent.desk, "phone", number, name="" if shown == number else shown)


def _by_name(agent: Agent, text: str, field: str) -> Contact:
    found = contacts_like(agent, text)
    if len(found) == 1:
        way = found[0][0]
        known = contact_by(agent.desk, "email", way) or contact_by(agent.desk, "phone", way)
        if known:
            return known
    if found:
        who = ", ".join(title for _identifier, title, _organisation in found[:3])
        several = _("More than one fits: %(who)s. Choose by address.") % {"who": who}
        raise NotUnderstood(**{field: several})
    nobody = _("Nobody is known by “%(text)s”: give an address or a number.")
    raise NotUnderstood(**{field: nobody % {"text": short(text)}})


def refuse_of_a_desk_typed(address: str, field: str) -> None:
    """Raises NotUnderstood, for that field of the form, for an address of a desk here."""
    try:
        refuse_of_a_desk(address)
    except Refused as refused:
        raise NotUnderstood(**{field: in_words(refused)}) from None


def named_or_typed(agent: Agent, text: str, name: str) -> Contact:
    """Returns who is meant; somebody new where there is no more than a name to know them by."""
    return requester_typed(agent, text, name) if text.strip() else contact_by_name(agent.desk, name)


def person_typed(agent: Agent, text: str, field: str) -> Contact:
    """Returns who is meant in a field of a form; raises NotUnderstood, for that field."""
    if not text.strip():
        raise NotUnderstood(**{field: _("Say who: a name, an address or a number.")})
    return requester_typed(agent, text, field=field)


def number_typed(agent: Agent, text: str, field: str) -> str:
    """Returns a number as it is stored. Raises NotUnderstood."""
    try:
        return number_of(text, desk_region(agent.desk))
    except NoNumber as wrong:
        is_own = field == "caller" and sum(map(str.isdigit, text)) < FEWEST_DIGITS
        raise NotUnderstood(
            **{field: _unknown(agent, text) if is_own else in_words(wrong)}
        ) from None


def _unknown(agent: Agent, text: str) -> str:
    own = staff_number(desk_in_force(agent.desk)) or _("number")
    sentence = _("The directory has no %(own)s “%(text)s”. Look for the name or the number.")
    return sentence % {"own": own, "text": short(text)}
