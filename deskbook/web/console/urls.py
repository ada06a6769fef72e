"""The console's addresses: nouns, with HTTP's verbs."""

from django.urls import URLPattern, path

from deskbook.web import live
from deskbook.web.console import (
    acts,
    clocks,
    drafts,
    inbox,
    new_ticket,
    quarantine,
    search,
    suggestions,
    ticket,
    writing,
)

_TICKET = "console/tickets/<str:number>"

urlpatterns: list[URLPattern] = [
    path("console/", inbox.inbox, name="console"),
    path("console/search", search.search, name="console-search"),
    path("console/tickets/new", new_ticket.new_ticket, name="console-new"),
    path("console/drafts", drafts.drafts, name="console-drafts"),
    path("console/suggestions/agents", suggestions.agents, name="console-agents"),
    path("console/suggestions/contacts", suggestions.contacts, name="console-contacts"),
    path("console/suggestions/tickets", suggestions.tickets, name="console-tickets"),
    path("console/quarantine", quarantine.quarantine, name="console-quarantine"),
    path("console/quarantine/<int:mail>", quarantine.raw_mail, name="console-raw-mail"),
    path("console/quarantine/<int:mail>/retrial", quarantine.retrial, name="console-retrial"),
    path("console/quarantine/<int:mail>/discarding", quarantine.discarding, name="console-discarding"),
    path(_TICKET, ticket.ticket, name="console-ticket"),
    path(f"{_TICKET}/writing", writing.writing, name="console-writing"),
    path(f"{_TICKET}/answer", writing.writing, {"act": "answer"}, name="console-answer"),
    path(f"{_TICKET}/note", writing.writing, {"act": "note"}, name="console-note"),
    path(f"{_TICKET}/question", writing.writing, {"act": "question"}, name="console-question"),
    path(f"{_TICKET}/taking", acts.taking, name="console-taking"),
    path(f"{_TICKET}/assignment", acts.assignment, name="console-assignment"),
    path(f"{_TICKET}/stage", acts.stage, name="console-stage"),
    path(f"{_TICKET}/closure", acts.closure, name="console-closure"),
    path(f"{_TICKET}/severity", acts.severity, name="console-severity"),
    path(f"{_TICKET}/facets", acts.facets, name="console-facets"),
    path(f"{_TICKET}/promises", acts.promises, name="console-promises"),
    path(f"{_TICKET}/promises/<str:promise>/keeping", acts.promise_keeping, name="console-promise-keeping"),
    path(f"{_TICKET}/promises/<str:promise>/withdrawal", acts.promise_withdrawal, name="console-promise-withdrawal"),
    path(f"{_TICKET}/next-update", acts.next_update, name="console-next-update"),
    path(f"{_TICKET}/merge", acts.merge, name="console-merge"),
    path(f"{_TICKET}/unmerging", acts.unmerging, name="console-unmerging"),
    path(f"{_TICKET}/participants", acts.participants, name="console-participants"),
    path(f"{_TICKET}/links", acts.links, name="console-links"),
    path("live/console", live.console_stream, name="live-console"),
    path("live/tickets/<str:number>", live.ticket_stream, name="live-ticket"),
    path("live/tickets/<str:number>/presence", live.presence, name="live-presence"),
    path(f"{_TICKET}/why/<str:clock>", clocks.why, name="console-why"),
]
