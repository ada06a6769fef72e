"""Going to a site, on a page of its own."""

from django.utils.translation import gettext_lazy as _

from deskbook.engine.ticket import Ticket as State
from deskbook.people.moments import written
from deskbook.web.acts.act import Act
from deskbook.web.acts.fields import Words
from deskbook.web.acts.subject import Subject


class SiteVisit(Act):
    key, label, shortcut = "site-visit", _("Visit"), "V"
    page, template = "console-visit", "console/acts/page.html"
    about, button = _("Decide, date and report it on a page of its own."), _("To the visit")

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return of.visits_rule is not None or bool(of.state.site_visits)

    def stands(self) -> Words:
        return summary(self.of.state)


def summary(state: State) -> Words:
    """Returns how the visits of a case stand, in a few words."""
    ahead = [visit for visit in state.site_visits if visit.state == "dated"]
    if ahead:
        return written(min(visit.from_at for visit in ahead))
    if any(visit.state == "carried out" for visit in state.site_visits):
        return _("to be reported")
    reported = [visit for visit in state.site_visits if visit.state == "reported"]
    if reported:
        return _("%(n)s attended") % {"n": sum(visit.attended or 0 for visit in reported)}
    if state.site_visit_approved is None:
        return _("to be decided")
    return _("to be dated") if state.site_visit_approved else _("refused")
