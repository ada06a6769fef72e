"""To whom an answer goes, and what of it would not, as it is said above the answer box."""

from django.utils.translation import gettext as _

from deskbook.channels.all import called, carrying
from deskbook.jobs.carriers import Reached
from deskbook.people.models import Contact
from deskbook.people.moments import written


def addressed(contact: Contact, reached: Reached | None) -> str:
    """Returns who it is to, with where it goes."""
    if reached is None:
        return _("%(who)s (no way to reach them)") % {"who": contact}
    if reached.kind == "portal":
        return _("%(who)s (on the page of the case, by its number and a secret)") % {"who": contact}
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
    """Returns that somebody asked for nothing more by a way, when, by which word, and what that
    does to an answer; empty for who did not.
    """
    asked = ((way, way.ends(contact)) for way in carrying().values() if way.ends)
    stops = next(((way.word, ends) for way, ends in asked if ends), None)
    if stops is None or (reached and reached.kind == stops[0]):
        return ""
    number, ended = next(iter(stops[1].items()))
    told = {
        "who": contact,
        "way": called(stops[0]),
        "number": number,
        "word": ended.word or "STOP",
        "when": written(ended.stopped_at),
        "to": addressed(contact, reached),
    }
    words = _(
        "%(who)s asked for nothing more by %(way)s at %(number)s (“%(word)s”, %(when)s): this goes"
        " to %(to)s."
    )
    if reached is None:
        words = _(
            "%(who)s asked for nothing more by %(way)s at %(number)s (“%(word)s”, %(when)s), and no"
            " other way is known: call them, or write by post."
        )
    return words % told
