"""Whom an agent means by what they typed: an address, a number, a name."""

import re

from django.http import HttpRequest
from django.utils.translation import gettext as _

from deskbook.channels.email.mailboxes import refuse_of_a_desk
from deskbook.channels.phone.callers import contact_by_name
from deskbook.engine.quoting import short
from deskbook.people.contacts import contact_by, find_or_make_contact
from deskbook.people.models import Agent, Contact
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.web.console.suggestions import contacts_like
from deskbook.web.console.typed import ADDRESS, NotUnderstood

_FEWEST_DIGITS = 7
"""Of a number that can be called back; a shorter one is a PEN or a slip."""
_NUMBER = re.compile(r"\+?[\d\s()/.-]{6,}")


def requester_typed(agent: Agent, text: str, name: str = "") -> Contact:
    """Returns the contact meant: known by address or number, made if new, or the only one of that
    name.
    """
    address, number = ADDRESS.search(text), _NUMBER.fullmatch(text.strip())
    if number and not address and (known := contact_by(agent.desk, "pen", text.strip())):
        return known
    if number and not address and sum(map(str.isdigit, text)) < _FEWEST_DIGITS:
        raise NotUnderstood(
            requester=_("The directory has no PEN “%(text)s”. Look for the name or the number.")
            % {"text": short(text)}
        )
    if address:
        refuse_of_a_desk_typed(address.group(), "requester")
    if address or number:
        channel = "email" if address else "phone"
        identifier = address.group() if address else text.strip()
        shown = name.strip() or text.partition("<")[0].strip() if address else name.strip()
        return find_or_make_contact(
            agent.desk, channel, identifier, name="" if shown == identifier else shown
        )
    found = contacts_like(agent, text)
    if len(found) == 1:
        known = contact_by(agent.desk, "email", found[0][0]) or contact_by(
            agent.desk, "phone", found[0][0]
        )
        if known:
            return known
    if found:
        who = ", ".join(title for _identifier, title, _organisation in found[:3])
        raise NotUnderstood(
            requester=_("More than one fits: %(who)s. Choose by address.") % {"who": who}
        )
    sentence = _("Nobody is known by “%(text)s”: give an address or a number.")
    raise NotUnderstood(requester=sentence % {"text": short(text)})


def refuse_of_a_desk_typed(address: str, field: str) -> None:
    """Raises NotUnderstood, for that field of the form, for an address of a desk here."""
    try:
        refuse_of_a_desk(address)
    except Refused as refused:
        raise NotUnderstood(**{field: in_words(refused)}) from None


def named_or_typed(agent: Agent, text: str, name: str) -> Contact:
    """Returns the contact meant; a new one of that name where there is no more than a name to know
    somebody by.
    """
    return requester_typed(agent, text, name) if text.strip() else contact_by_name(agent.desk, name)


def person_typed(agent: Agent, request: HttpRequest, field: str) -> Contact:
    """Returns the contact meant by what stands in a field of a form; raises NotUnderstood, for that
    field.
    """
    text = request.POST.get(field, "")
    if not text.strip():
        raise NotUnderstood(**{field: _("Say who: a name, an address or a number.")})
    try:
        return requester_typed(agent, text)
    except NotUnderstood as problem:
        raise NotUnderstood(**{field: " ".join(problem.errors["requester"])}) from None
