"""The list of reports: a new one is a line here."""

from deskbook.reports.flow import FLOW
from deskbook.reports.report import Report

REPORTS: dict[str, Report] = {report.key: report for report in (FLOW,)}
"""By the word of their address."""
