"""Macros of the book: several acts by one key."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from deskbook.engine.macros import Macro
from deskbook.people.words import Words
from deskbook.tickets.macros import filled, is_under_way, macros_for, run_macro
from deskbook.web.acts.act import Act, How
from deskbook.web.acts.subject import Subject
from deskbook.web.macro_sentences import macro_sentences
from deskbook.web.shared.fields import NotUnderstood, Ways


class Macros(Act):
    key, label, shortcut = "macros", _("Macro"), "M"
    may_be_undone = on_many = True
    button = _("Do all of it")
    macro = Ways(_("What is done"), _("Choose what is done."))

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return of.goes_on and bool(of.desk.macros) and bool(macros_for(of.desk, of.state))

    def furnish(self) -> None:
        offered = macros_for(self.of.desk, self.of.state)
        self.offer("macro", [(one.key, one.title, self._means(one)) for one in offered])

    def _means(self, macro: Macro) -> str:
        answer = macro.answer if self.many else filled(self.of.ticket, macro.answer)
        return "\n".join(macro_sentences(self.of.desk, macro, answer))

    def perform(self, how: How) -> Words:
        chosen = next((one for one in self.of.desk.macros if one.key == self("macro")), None)
        if chosen is None:
            raise NotUnderstood(macro=_now("The book has no such macro any more: choose again."))
        if is_under_way(self.of.ticket, chosen, key=how["key"]):
            raise NotUnderstood(
                macro=_now("This was done a moment ago: its answer leaves in a few seconds.")
            )
        self.waiting = run_macro(self.of.ticket, chosen, **how)
        done = _now("Done: %(macro)s.") % {"macro": chosen.title}
        return f"{done} {_now('It leaves in a few seconds.')}" if self.waiting else done
