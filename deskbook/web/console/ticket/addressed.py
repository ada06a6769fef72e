"""To whom an answer goes, and what of it would not, as it is said above the answer box."""

from django.utils.translation import gettext as _

from deskbook.jobs.carriers import Reached
from deskbook.people.mobiles import mobiles_of
from deskbook.people.models import Contact
from deskbook.people.moments import written
from deskbook.people.stopped import stops_of


def addressed(contact: Contact, reached: Reached | None) -> str:
    """Returns who it is to, with where it goes."""
    if reached is None:
        return _("%(who)s (no way to reach them)") % {"who": contact}
    if reached.kind == "chat":
        return _("%(who)s (in the chat)") % {"who": contact}
    named = str(contact) != reached.address and reached.address
    return f"{contact} <{reached.address}>" if named else str(contact)


def bounded(contact: Contact, reached: Reached | None) -> str:
    """Returns what of an answer would not go to somebody, or goes elsewhere; empty where all of it
    goes, or follows.
    """
    if reached is None or reached.bound is None or reached.rest_follows:
        return ""
    told = {"who": addressed(contact, reached), "count": reached.bound}
    if reached.instead:
        return _(
            "%(who)s is texted up to %(count)s characters without files; what is longer, or has"
            " files, goes to %(instead)s."
        ) % {**told, "instead": addressed(contact, reached.instead)}
    if not reached.bound:
        return _("%(who)s is texted that there is an answer: its words and files do not go.") % told
    return (
        _(
            "%(who)s is texted: what is longer than %(count)s characters is cut, and files do not"
            " go. The text says how to come by the rest."
        )
        % told
    )


def ended_texts(contact: Contact, reached: Reached | None) -> str:
    """Returns that somebody asked not to be texted, when, by which word, and what that does to an
    answer; empty for who did not.
    """
    stops = stops_of(contact.desk, mobiles_of(contact))
    if not stops or (reached and reached.kind == "sms"):
        return ""
    number, ended = next(iter(stops.items()))
    told = {
        "who": contact,
        "number": number,
        "word": ended.word or "STOP",
        "when": written(ended.stopped_at),
        "to": addressed(contact, reached),
    }
    if reached is None:
        return (
            _(
                "%(who)s asked not to be texted at %(number)s (“%(word)s”, %(when)s), and no other"
                " way is known: call them, or write by post."
            )
            % told
        )
    return (
        _(
            "%(who)s asked not to be texted at %(number)s (“%(word)s”, %(when)s): this goes to"
            " %(to)s."
        )
        % told
    )
