"""What a case shows that could be better."""

from collections.abc import Mapping

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from deskbook.people.words import Words
from deskbook.tickets.findings import add_to_findings
from deskbook.tickets.improvement_models import Finding
from deskbook.web.acts.act import Act, How
from deskbook.web.acts.subject import Subject
from deskbook.web.shared.fields import Known, Line, Lines


class Improvements(Act):
    key, label, shortcut = "improvements", _("Add to improvements"), "I"
    fact, button = _("Improvements"), _("Add")
    template = "console/acts/improvements.html"
    title = Known(
        _("What could be better"),
        reverse_lazy("console-finding-titles"),
        _("Say in a few words what could be better."),
        hint=_("One of the list, or a new one in a few words."),
    )
    theme = Line(_("Theme, if it is new"))
    text = Lines(_("More about it"), rows=3)

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return True

    def stands(self) -> Words:
        return "; ".join(self.of.beside.findings)

    def perform(self, how: How) -> Words:
        told = {"theme": self("theme"), "text": self("text")}
        finding = add_to_findings(
            self.of.ticket, self("title"), **told, at=how["at"], by=self.of.viewer
        )
        return _ADDED.get(finding.state, _("Added to “%(finding)s”.")) % {"finding": finding}


_ADDED: Mapping[str, Words] = {
    Finding.State.DONE: _(
        "Added to “%(finding)s”, which is said to be done: it stands under “Done and declined”"
        " until a lead opens it again."
    ),
    Finding.State.DECLINED: _(
        "Added to “%(finding)s”, which was declined: it stands under “Done and declined” until a"
        " lead opens it again."
    ),
}
