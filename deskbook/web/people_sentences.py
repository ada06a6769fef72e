"""Sentences of whose case it is and who follows it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from deskbook.engine import events as happened
from deskbook.engine import people_events as people
from deskbook.engine.ticket import Actor
from deskbook.web.told import Sentence, Told


def follows(event: people.ParticipantAdded, told: Told) -> Sentence:
    words = (
        _("%(who)s now follows")
        if told.by == Actor("contact", event.contact)
        else _("%(by)s: %(who)s now follows")
    )
    return Sentence(words % {"who": told.contact(event.contact), "by": told.who}, "me")


def follows_no_more(event: people.ParticipantRemoved, told: Told) -> Sentence:
    left = told.by.kind == "contact" and told.by.id == event.contact
    words = _("%(who)s left and follows no more") if left else _("%(by)s: %(who)s follows no more")
    return Sentence(words % {"who": told.contact(event.contact), "by": told.who}, "me")


def requester(event: people.RequesterChanged, told: Told) -> Sentence:
    stays = _("whoever it was before follows it")
    gone = _("whoever it was before follows it no more")
    words = _("%(by)s made %(who)s the requester; %(before)s")
    what = {
        "by": told.who,
        "who": told.contact(event.requester),
        "before": stays if event.follows else gone,
    }
    return Sentence(words % what, "me")


def parted(event: people.PersonParted, told: Told) -> Sentence:
    words = _(
        "%(by)s took %(who)s and whom they were taken for apart: what %(who)s wrote here is for the"
        " desk alone"
    )
    papers = ", ".join(told.paper(paper) for paper in event.papers)
    missing = _("; missing again: %(papers)s") % {"papers": papers} if papers else ""
    said = words % {"by": told.who, "who": told.contact(event.contact)}
    return Sentence(said + _gone(event.leaving, told) + missing, "me")


def released(event: happened.Released, told: Told) -> Sentence:
    return Sentence(
        _("%(ticket)s was taken out again") % {"ticket": event.ticket} + _gone(event.leaving, told),
        "merge",
    )


def aside(event: people.WroteAside, told: Told) -> Sentence:
    what = {"who": told.who, "whom": told.contact(event.contact)}
    did = _("wrote to %(whom)s, beside the case") % what
    return Sentence(_("%(who)s wrote to %(whom)s, beside the case") % what, "mail", did=did)


def _gone(leaving: Sequence[str], told: Told) -> str:
    names = ", ".join(map(told.contact, leaving))
    return _("; they follow no more: %(names)s") % {"names": names} if names else ""
