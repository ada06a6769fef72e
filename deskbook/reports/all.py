"""The list of reports: a new one is an entry here, and its statement beside it."""

from django.utils.translation import gettext_lazy as _

from deskbook.reports.report import Chart, Column, Report, sql_of

_NEW, _SOLVED = Column("new", _("New")), Column("solved", _("Solved"))
_AS_NOW = _("What a case is narrowed by and put under is as it is now.")
_ALL = (
    Report(
        key="flow",
        question=_("Do we keep up?"),
        means=_(
            "New cases by when they were opened, ended ones by when and how they ended last; a case"
            " that was reopened counts as open all the while. Below 100 % more came than ended."
        ),
        columns=(
            _NEW,
            _SOLVED,
            Column("closed", _("Closed unsolved")),
            Column("redirected", _("Redirected")),
            Column("merged", _("Merged")),
            Column("ended", _("Ended")),
            Column("ratio", _("Ended of new"), shows="share", of="ended", out_of=("new",)),
            Column("open", _("Open at the end"), adds_up=False),
        ),
        facts=sql_of("flow"),
        chart=Chart(bars=("new", "ended"), lines=("open",)),
    ),
    Report(
        key="kept",
        question=_("Do we keep our times?"),
        means=_(
            "Of the cases that were opened in these days and for which the book in force sets a"
            " limit: those whose limit passed are late, whatever came after; kept ones are answered"
            " and solved, with the teams' times when the case has ended. What still runs is in no"
            " number."
        ),
        columns=(
            Column("response kept", _("First answer in time")),
            Column("response missed", _("First answer late")),
            Column(
                "response share",
                _("Kept"),
                shows="share",
                of="response kept",
                out_of=("response kept", "response missed"),
            ),
            Column("resolve kept", _("Solved in time")),
            Column("resolve missed", _("Solved late")),
            Column(
                "resolve share",
                _("Kept"),
                shows="share",
                of="resolve kept",
                out_of=("resolve kept", "resolve missed"),
            ),
            Column("team kept", _("Teams in time")),
            Column("team missed", _("Teams late")),
            Column(
                "team share",
                _("Kept"),
                shows="share",
                of="team kept",
                out_of=("team kept", "team missed"),
            ),
        ),
        facts=sql_of("kept"),
        chart=Chart(bars=("response missed", "resolve missed", "team missed")),
    ),
    Report(
        key="times",
        question=_("How long do people wait?"),
        means=_(
            "From when a case came until its first answer, and until it was solved, by when that"
            " was; all hours of the day and night count. Half took no longer than the median, nine"
            " of ten no longer than the 90th percentile."
        ),
        columns=(
            Column("answered", _("Answered first")),
            Column("answer median", _("Median"), shows="median", of="answered"),
            Column("answer p90", _("90 % within"), shows="p90", of="answered"),
            _SOLVED,
            Column("solution median", _("Median"), shows="median", of="solved"),
            Column("solution p90", _("90 % within"), shows="p90", of="solved"),
        ),
        facts=sql_of("cases"),
        chart=Chart(lines=("answer median", "solution median")),
    ),
    Report(
        key="spread",
        question=_("How are the times spread?"),
        means=_(
            "Cases by how long after they came they were answered first, and solved; all hours of"
            " the day and night count."
        ),
        columns=(Column("answered", _("Answered first")), _SOLVED),
        facts=sql_of("spans"),
        chart=Chart(bars=("answered", "solved")),
        by="span",
        own=("hour", "4 hours", "8 hours", "day", "2 days", "week", "2 weeks", "month", "more"),
    ),
    Report(
        key="backlog",
        question=_("How old is what is open?"),
        means=_(
            "All cases that are open at this moment, by how long ago they came and whose turn it"
            " is. Solved ones wait to be closed."
        ),
        columns=(
            Column("open", _("Open")),
            Column("desk", _("The desk's turn")),
            Column("requester", _("The requester's turn")),
            Column("third party", _("Somebody else's turn")),
            _SOLVED,
            Column("missed", _("Late")),
        ),
        facts=sql_of("backlog"),
        chart=Chart(bars=("desk", "requester", "third party", "solved")),
        by="age",
        own=("day", "2 days", "week", "2 weeks", "month", "3 months", "older"),
        is_of_now=True,
    ),
    Report(
        key="load",
        question=_("When do cases come?"),
        means=_("Cases by the hour and the weekday they came, in the desk's zone."),
        columns=(
            Column("1", _("Monday")),
            Column("2", _("Tuesday")),
            Column("3", _("Wednesday")),
            Column("4", _("Thursday")),
            Column("5", _("Friday")),
            Column("6", _("Saturday")),
            Column("7", _("Sunday")),
        ),
        facts=sql_of("load"),
        chart=Chart(heat=True),
        by="hour",
        own=tuple(str(hour) for hour in range(24)),
    ),
    Report(
        key="places",
        question=_("How is each place served?"),
        means=_AS_NOW,
        columns=(
            _NEW,
            _SOLVED,
            Column("redirected", _("Redirected")),
            Column("missed", _("Late")),
            Column("answer median", _("First answer, median"), shows="median", of="answered"),
            Column("solution median", _("Solution, median"), shows="median", of="solved"),
        ),
        facts=sql_of("cases"),
        chart=Chart(bars=("new", "solved")),
        by="place",
    ),
    Report(
        key="recurring",
        question=_("What comes again and again?"),
        means=_AS_NOW,
        columns=(_NEW, _SOLVED, Column("missed", _("Late"))),
        facts=sql_of("cases"),
        chart=Chart(bars=("new",)),
        by="place and kind",
    ),
    Report(
        key="redirected",
        question=_("What do we solve, what do we pass on?"),
        means=_("Cases that were solved, and those redirected elsewhere, by when that was."),
        columns=(
            _SOLVED,
            Column("redirected", _("Redirected")),
            Column(
                "share",
                _("Redirected"),
                shows="share",
                of="redirected",
                out_of=("solved", "redirected"),
            ),
        ),
        facts=sql_of("cases"),
        chart=Chart(bars=("solved", "redirected")),
    ),
    Report(
        key="reopened",
        question=_("What comes back?"),
        means=_(
            "Solved cases by when they were solved, and those that were opened again by when that"
            " was last."
        ),
        columns=(_SOLVED, Column("reopened", _("Opened again"))),
        facts=sql_of("reopened"),
        chart=Chart(bars=("solved", "reopened")),
    ),
    Report(
        key="hops",
        question=_("Who solves it?"),
        means=_(
            "Solved cases by how many teams they were with: the first one alone, two, or more. A"
            " team they came back to counts again."
        ),
        columns=(
            _SOLVED,
            Column("first", _("By the first team")),
            Column("share", _("Of all solved"), shows="share", of="first", out_of=("solved",)),
            Column("second", _("By the second")),
            Column("more", _("After more hops")),
            Column("median", _("Solution, median"), shows="median", of="solved"),
        ),
        facts=sql_of("hops"),
        chart=Chart(bars=("first", "second", "more")),
    ),
    Report(
        key="visits",
        question=_("How long is each team at it?"),
        means=_(
            "Cases that came in these days, under each team they were with; how long all their"
            " times there took together, by those that left it or ended."
        ),
        columns=(
            Column("were", _("Cases"), adds_up=False),
            Column("left", _("Left or ended"), adds_up=False),
            Column("median", _("Median"), adds_up=False, shows="median", of="left"),
            Column("p90", _("90 % within"), adds_up=False, shows="p90", of="left"),
        ),
        facts=sql_of("visits"),
        chart=Chart(bars=("were",)),
        by="team it was with",
    ),
    Report(
        key="ratings",
        question=_("What do requesters think?"),
        means=_("The last rating of each case that was rated in these days, by when that was."),
        columns=(
            Column("rated", _("Rated")),
            Column("good", _("Good")),
            Column("so-so", _("So-so")),
            Column("bad", _("Bad")),
            Column("share", _("Good of all"), shows="share", of="good", out_of=("rated",)),
        ),
        facts=sql_of("ratings"),
        chart=Chart(bars=("good", "so-so", "bad")),
    ),
    Report(
        key="waiting",
        question=_("How long until somebody is there?"),
        means=_(
            "Tokens at the counter until they were called, chats until they were taken, calls until"
            " they were answered; those a case came of, of several of one case the longest."
        ),
        columns=(
            Column("came", _("Came"), adds_up=False),
            Column("met", _("Met"), adds_up=False),
            Column("median", _("Median"), adds_up=False, shows="median", of="met"),
            Column("p90", _("90 % within"), adds_up=False, shows="p90", of="met"),
            Column("nobody came", _("Nobody was there"), adds_up=False),
        ),
        facts=sql_of("waiting"),
        chart=Chart(bars=("met", "nobody came")),
        by="wait",
        own=("walk-in", "chat", "phone"),
    ),
    Report(
        key="agents",
        question=_("How do cases go, by who owns them?"),
        means=_("Cases under whom they belong to now. Leads see all, everybody sees themselves."),
        columns=(
            _NEW,
            _SOLVED,
            Column("missed", _("Late")),
            Column("answer median", _("First answer, median"), shows="median", of="answered"),
            Column("solution median", _("Solution, median"), shows="median", of="solved"),
        ),
        facts=sql_of("cases"),
        chart=Chart(bars=("new", "solved")),
        by="agent",
        of_oneself=True,
    ),
)
REPORTS = {report.key: report for report in _ALL}
"""By the word of their address."""
