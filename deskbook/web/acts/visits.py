"""Going to a site: asked for, decided, dated, moved, called off, carried out, reported."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deskbook.engine.decide_site_visit import LONGEST
from deskbook.engine.ticket import TicketState
from deskbook.people.apart import NoRoom
from deskbook.people.lists.sheets import IN_A_PAGE, UnreadableList, open_sheet
from deskbook.people.models import Agent
from deskbook.people.moments import written
from deskbook.people.refusals import in_words
from deskbook.people.words import Words
from deskbook.tickets.kept_files import as_files
from deskbook.tickets.messages import File, Written
from deskbook.tickets.site_visits import (
    Plan,
    Report,
    ask_for_visit,
    call_off_visit,
    carry_out_visit,
    date_visit,
    decide_on_visit,
    report_visit,
)
from deskbook.tickets.visit_rows import place_and_words
from deskbook.web.acts.act import Act, How
from deskbook.web.acts.subject import Subject
from deskbook.web.acts.wishes import Wishes, as_typed
from deskbook.web.shared.fields import (
    Clock,
    Day,
    Files,
    Ids,
    Lines,
    NotUnderstood,
    Tick,
    Ways,
    Whole,
)
from deskbook.web.uploads import ONE_FILE, kept_files

LISTS = (".csv", ".xlsx")


class SiteVisit(Act):
    key, label, shortcut = "site-visit", _("Visit"), "V"
    page, template = "console-visit", "console/acts/page.html"
    about, button = _("Decide, date and report it on a page of its own."), _("To the visit")

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return of.visits_rule is not None or bool(of.state.site_visits)

    def stands(self) -> Words:
        return summary(self.of.state)


class VisitRequest(Wishes, Act):
    key, label, on, address = "visit-request", _("Write it down"), "visit", "request"

    @classmethod
    def offered(cls, of: Subject) -> bool:
        undecided = of.visits_rule is not None and of.state.site_visit_approved is None
        return undecided and of.ticket.is_open

    def furnish(self) -> None:
        wish = self.of.state.site_visit_wish
        self.begin_with(**as_typed(wish, *(place_and_words(self.of.state) if wish else ("", ""))))

    def perform(self, how: How) -> Words:
        ask_for_visit(self.of.ticket, self.wish(), **how)
        return _("Written down.")


class VisitDecision(Act):
    key, label, on, address = "visit-decision", _("Decide"), "visit", "decision"
    decision = Ways("", _("Choose one of the two."))
    reason = Lines(_("Why"), rows=2, hint=_("The requester reads it; a refusal needs it."))

    @classmethod
    def offered(cls, of: Subject) -> bool:
        rule = of.visits_rule
        return bool(rule and rule.decided_by in of.viewer.teams and of.ticket.is_open)

    def perform(self, how: How) -> Words:
        choice, reason = self("decision"), self("reason")
        if choice not in ("approve", "refuse"):
            raise NotUnderstood(decision=_("Choose one of the two."))
        if choice == "refuse" and not reason:
            raise NotUnderstood(reason=_("Say why nobody comes: the requester will read it."))
        decide_on_visit(self.of.ticket, choice == "approve", reason=reason, **how)
        if choice == "approve":
            return _("Approved. Now choose who goes and when.")
        return _("Refused. The requester reads why.")


class VisitDates(Act):
    key, label, on, address = "visit-dates", _("Date it"), "visit", "dates"
    day = Day("", _("Choose the day it begins on."))
    begins, ends = Clock(_("Begins"), Clock.wrong), Clock(_("Ends"), Clock.wrong)
    lasts = Whole(_("Days"), _("Say how many days it lasts, as a number."))
    people = Ids()
    words = Lines(_("A word to the requester"), rows=2)
    anyway = Tick(_("Also on a day that is no working day"))

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return bool(of.visits_are_ours and of.state.site_visit_approved and of.ticket.is_open)

    @property
    def chosen(self) -> Sequence[int]:
        """The people ticked, by their ids."""
        ticks = self("people") if self.is_bound else self.initial["people"]
        return ticks if isinstance(ticks, list) else ()

    def furnish(self) -> None:
        visit, zone = self.of.visit, self.of.visits_zone
        if visit is None:
            self.begin_with(begins="10:00", ends="16:00", lasts="1", people=())
            return
        begins, ends = visit.from_at.astimezone(zone), visit.until_at.astimezone(zone)
        self.begin_with(
            day=begins.date().isoformat(),
            begins=f"{begins:%H:%M}",
            ends=f"{ends:%H:%M}",
            lasts=(ends.date() - begins.date()).days + 1,
            people=visit.people,
        )

    def perform(self, how: How) -> Words:
        date_visit(self.of.ticket, self._plan(), **how)
        return _("Dated. The requester and those who go are told.")

    def _plan(self) -> Plan:
        zone, day = self.of.visits_zone, self("day")
        last = day + timedelta(days=min(max(self("lasts"), 1), LONGEST.days + 1) - 1)
        people = Agent.objects.filter(desk=self.of.viewer.desk_id, pk__in=self("people"))
        return Plan(
            datetime.combine(day, self("begins"), zone),
            datetime.combine(last, self("ends"), zone),
            list(people.select_related("user")),
            self("words"),
            self("anyway"),
        )


class VisitMove(VisitDates):
    key, label, address = "visit-move", _("Move"), "dates/<str:visit>"
    told_in = "visit-dates"

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return super().offered(of) and of.visit is not None and of.visit.state == "dated"

    def perform(self, how: How) -> Words:
        date_visit(self.of.ticket, self._plan(), visit=self.parts["visit"], **how)
        return _("Moved. The requester and those who go are told.")


class VisitCancellation(Act):
    key, label, on = "visit-cancellation", _("Call off"), "visit"
    address = "<str:visit>/cancellation"
    reason = Lines(
        _("Why"),
        _("Say why: the requester and those who were to go will read it."),
        rows=2,
        hint=_("The requester and those who were to go read it."),
    )

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return of.may_see_to_visit

    def perform(self, how: How) -> Words:
        call_off_visit(self.of.ticket, self.parts["visit"], reason=self("reason"), **how)
        return _("Called off. Everybody concerned is told.")


class VisitCarriedOut(Act):
    key, label, on = "visit-carried-out", _("Carried out"), "visit"
    address = "<str:visit>/carried-out"

    @classmethod
    def offered(cls, of: Subject) -> bool:
        begun = of.visit is not None and of.visit.from_at <= timezone.now()
        return begun and of.may_see_to_visit

    def perform(self, how: How) -> Words:
        carry_out_visit(self.of.ticket, self.parts["visit"], **how)
        return _("Carried out. What is left is the report.")


class VisitReport(Act):
    key, label, on = "visit-report", _("Report"), "visit"
    address, takes_files = "<str:visit>/report", ONE_FILE
    attended = Whole(_("How many attended"), _("Say how many attended, as a number."))
    attached = Files(_("List of those who attended"))
    text = Lines(_("How it went"), hint=_("For the desk; the requester sees how many attended."))
    anyway = Tick(_("The number is right"))

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return of.visit is not None and of.visit.state == "carried out"

    @property
    def draft(self) -> str:
        return f"site visit {self.parts['visit']}"

    def furnish(self) -> None:
        self.kept = kept_files(self.of.viewer.user, self.draft)

    def perform(self, how: How) -> Words:
        file = next(iter(as_files(self.uploads.kept)), None)
        counted = file is None or _has_lines(file, self("attended"))
        written = Written(self("text"), files=(file,) if file else ())
        told = Report(self("attended"), written, anyway=self("anyway"))
        report_visit(self.of.ticket, self.parts["visit"], told, **how)
        uncounted = _("The list was kept; its lines could not be counted now.")
        return _("Reported.") if counted else f"{_('Reported.')} {uncounted}"


def _has_lines(file: File, attended: int) -> bool:
    """Refuses a list that has not as many lines as people attended; False for one not read now.

    That one is kept all the same: that it cannot be counted is no fault of who sends it.
    """
    if not file.name.lower().endswith(LISTS):
        return True
    try:
        lines = sum(any(cells) for _line, cells in open_sheet(file.data, most_tags=IN_A_PAGE).rows)
    except UnreadableList as unreadable:
        raise NotUnderstood(attached=in_words(unreadable)) from None
    except NoRoom:
        return False
    if lines != attended:
        words = _("The list has %(lines)s people and %(attended)s attended: correct one of them.")
        raise NotUnderstood(attached=words % {"lines": lines, "attended": attended})
    return True


def summary(state: TicketState) -> Words:
    """Returns how the visits of a case stand, in a few words."""
    states = {visit.state for visit in state.site_visits}
    if "dated" in states:
        return written(min(v.from_at for v in state.site_visits if v.state == "dated"))
    if "carried out" in states:
        return _("to be reported")
    if "reported" in states:
        attended = sum(v.attended or 0 for v in state.site_visits if v.state == "reported")
        return _("%(n)s attended") % {"n": attended}
    decided = {None: _("to be decided"), True: _("to be dated"), False: _("refused")}
    return decided[state.site_visit_approved]
