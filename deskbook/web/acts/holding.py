"""Legal holds: nothing of the case is erased until somebody lifts it."""

from django.utils.translation import gettext_lazy as _

from deskbook.people.words import Words
from deskbook.tickets.holding import lift_hold, place_hold
from deskbook.web.acts.act import Act, How
from deskbook.web.acts.subject import Subject
from deskbook.web.shared.fields import Lines


class PlaceHold(Act):
    key, label = "hold", _("Put a legal hold on it")
    who_may = "hold cases"
    about = _(
        "Nothing of it is erased until the hold is lifted, however long the book keeps cases."
    )
    reason = Lines(_("Why"), _("Say why: who asks for it, and in which matter."))

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return not (of.is_merged or of.state.legal_hold or "cases" in of.state.erased)

    def perform(self, how: How) -> Words:
        place_hold(self.of.ticket, self("reason"), **how)
        return _("It is under a legal hold.")


class LiftHold(Act):
    key, label, fact = "lift-hold", _("Lift the legal hold"), _("Legal hold")
    who_may = "hold cases"
    about = _("From then on it is erased when the book says so: tonight, if its time is over.")
    reason = Lines(_("Why"), _("Say why it may go."))

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return of.state.legal_hold

    def stands(self) -> Words:
        return _("nothing is erased")

    def perform(self, how: How) -> Words:
        lift_hold(self.of.ticket, self("reason"), **how)
        return _("The legal hold is lifted.")
