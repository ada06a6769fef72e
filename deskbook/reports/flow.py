"""Do we keep up? What came and what ended, and how much was open at the end of each step."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from deskbook.reports.report import Column, Report

FLOW = Report(
    key="flow",
    question=_("Do we keep up?"),
    means=_(
        "New cases by when they were opened, ended ones by when and how they ended last; a case"
        " that was reopened counts as open all the while. Team, severity and category are those of"
        " now."
    ),
    columns=(
        Column("new", _("New")),
        Column("solved", _("Solved")),
        Column("closed", _("Closed unsolved")),
        Column("redirected", _("Redirected")),
        Column("merged", _("Merged")),
        Column("open", _("Open at the end"), adds_up=False),
    ),
    facts=Path(__file__).with_suffix(".sql").read_text(),
)
