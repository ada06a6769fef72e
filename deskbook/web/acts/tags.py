"""Words put on a case, by which lists are narrowed."""

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from deskbook.engine.decide_tags import tags_in
from deskbook.people.words import Words
from deskbook.tickets.tags import tag_ticket
from deskbook.web.acts.act import Act, How
from deskbook.web.acts.subject import Subject
from deskbook.web.shared.fields import Known, Several


class Tags(Act):
    key, label, shortcut = "tags", _("Tag"), "T"
    fact = _("Tags")
    may_be_undone = on_many = True
    button = _("Keep")
    put = Known(
        _("Put on"),
        reverse_lazy("console-known-tags"),
        hint=_("A word or a few; commas between several. They are for cases, not for people."),
    )
    off = Several(_("Take off"))

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return not of.is_merged

    def furnish(self) -> None:
        if tags := self.of.state.tags:
            self.offer("off", [(tag, tag) for tag in tags])
        else:
            del self.fields["off"]

    def stands(self) -> Words:
        return ", ".join(self.of.state.tags)

    def perform(self, how: How) -> Words:
        tag_ticket(self.of.ticket, tags_in(self("put")), self.cleaned_data.get("off", ()), **how)
        return _("Tagged.")
