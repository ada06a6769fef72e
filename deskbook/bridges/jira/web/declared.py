"""Jira on the web."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from deskbook.bridges.jira.web import bridges, hook, link
from deskbook.web.shared.connected import OnTheWeb

DECLARED = OnTheWeb(
    title="Jira",
    settings="console-jira-link",
    means=_(
        "Cases that reach a team become issues there; comments, files and stages go both ways."
    ),
    addresses=(
        path("hooks/jira/<str:key>/", hook.jira_hook, name="jira-hook"),
        path("console/bridges/", bridges.bridges, name="console-bridges"),
        path("console/bridges/jira", link.jira_link, name="console-jira-link"),
        path("console/bridges/jira/trial", link.trial, name="console-jira-trial"),
    ),
)
