"""Following a case without owning it, and following it no more."""

from django.utils.translation import gettext_lazy as _

from deskbook.people.words import Words
from deskbook.tickets.notifications import follow_ticket, stop_following
from deskbook.web.acts.act import Act, How
from deskbook.web.acts.subject import Subject


class Follow(Act):
    key, label, shortcut = "following", _("Follow"), "F"
    about = _("You are told what is written on it, as if the case were yours.")

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return not (of.is_merged or of.beside.follows)

    def perform(self, how: How) -> Words:
        follow_ticket(self.of.ticket, **how)
        return _("You follow it.")


class StopFollowing(Act):
    key, label, shortcut = "not-following", _("Stop following"), "F"
    fact = _("Followed")

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return of.beside.follows

    def stands(self) -> Words:
        return _("by you")

    def perform(self, how: How) -> Words:
        stop_following(self.of.ticket, **how)
        return _("You follow it no more.")
