"""What a report is asked, as it stands in the address: days, what it is narrowed to, its lines."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deskbook.people.words import Words
from deskbook.reports.narrowing import FILTERS
from deskbook.reports.report import By, Own, Report
from deskbook.reports.steps import LONGEST
from deskbook.web.console.reporting.naming import Naming
from deskbook.web.told import with_those_in_use

USUAL = timedelta(weeks=12)
_NO_DAY = gettext_lazy("Write a day as 2026-03-31.")
BY: Mapping[By, Words] = {
    "time": gettext_lazy("Over time"),
    "team": gettext_lazy("By team"),
    "severity": gettext_lazy("By severity"),
    "category": gettext_lazy("By category"),
    "kind": gettext_lazy("By type"),
    "place": gettext_lazy("By place"),
    "place and kind": gettext_lazy("By place and type"),
    "channel": gettext_lazy("By channel"),
    "agent": gettext_lazy("By owner"),
}


class Question(forms.Form):
    """The days and what it is narrowed to, as they stand in the address."""

    first = forms.DateField(required=False, error_messages={"invalid": _NO_DAY})
    last = forms.DateField(required=False, error_messages={"invalid": _NO_DAY})

    def __init__(
        self,
        data: Any,
        report: Report,
        today: date,
        naming: Naming,
        used: Mapping[str, Sequence[str]],
    ) -> None:
        super().__init__(data)
        self.report = report
        self.usual = {"first": today - USUAL + timedelta(days=1), "last": today}
        if report.by in BY:
            self.fields["by"] = forms.ChoiceField(
                label=_("Lines"), choices=[*BY.items()], required=False
            )
        for name in FILTERS:
            label, options = naming.offered(name)
            # What no ticket has narrows to nothing: a file of all would be taken for that of one.
            offered = with_those_in_use(options, (*used.get(name, ()), data.get(name, "")))
            if offered and not (name == "agent" and data.get(name, "") not in ("", *options)):
                choices = [("", label), *offered.items()]
                self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)

    def clean(self) -> dict[str, Any]:
        """Puts the usual days where none are given, and refuses what no page could show."""
        days = {name: self.cleaned_data.get(name) or day for name, day in self.usual.items()}
        if days["first"] > days["last"]:
            self.add_error("first", _("The first day is after the last one: turn them round."))
        elif days["last"] - days["first"] > LONGEST:
            self.add_error("first", _("That is more than ten years: ask for less."))
        return {**self.cleaned_data, **days}

    @property
    def days(self) -> tuple[date, date]:
        """The days asked for; the usual ones where they cannot be used."""
        days = self.usual if self.errors or self.report.is_of_now else self.cleaned_data
        return days["first"], days["last"]

    @property
    def by(self) -> By | Own:
        """What the lines stand for."""
        asked: By | Own = self.cleaned_data.get("by") or self.report.by
        return self.report.by if self.errors else asked

    @property
    def narrowed(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in FILTERS if not self.errors}
