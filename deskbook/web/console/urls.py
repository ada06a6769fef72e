"""The console's addresses: nouns, with HTTP's verbs."""

from django.urls import URLPattern, path
from django.views.generic import RedirectView

from deskbook.web import chat_live, live
from deskbook.web.console import chats, erased, for_you, reports
from deskbook.web.console.acting import addresses
from deskbook.web.console.articles import (
    article,
    article_editor,
    articles,
    improvements,
    ratings,
    ready_answers,
    themes,
)
from deskbook.web.console.book import as_read as book_as_read
from deskbook.web.console.book import beginning as book_beginning
from deskbook.web.console.book import changing as book_changing
from deskbook.web.console.book import editing as book_editing
from deskbook.web.console.book import reading as book_reading
from deskbook.web.console.book import scenarios as book_scenarios
from deskbook.web.console.inbox import freezes, inbox, many, saved, search
from deskbook.web.console.leading import day_sheet, morning, wallboards
from deskbook.web.console.leftovers import deciding, left_over, mails
from deskbook.web.console.new_cases import (
    call_backs,
    call_pop,
    caller,
    log_call,
    new_ticket,
    whatsapp_capture,
    whatsapp_picks,
)
from deskbook.web.console.people import (
    adding,
    contact_card,
    lists,
    organisation,
    people,
    person,
    sign_in_codes,
)
from deskbook.web.console.reporting import service_levels
from deskbook.web.console.roster import feed as roster_feed
from deskbook.web.console.roster import requests as roster_requests
from deskbook.web.console.roster import roster
from deskbook.web.console.roster import shift as roster_shift
from deskbook.web.console.roster.what_if import what_if
from deskbook.web.console.settings import moving_in
from deskbook.web.console.settings import tokens as settings_tokens
from deskbook.web.console.settings.all_settings import all_settings
from deskbook.web.console.shared import suggestions, undoing
from deskbook.web.console.ticket import (
    article_use,
    clocks,
    composing,
    drafts,
    insertions,
    originals,
    printed,
    ticket,
    writing,
)
from deskbook.web.console.ticket import jira as mirrored
from deskbook.web.console.visits import visit, visits
from deskbook.web.console.walk_in.urls import urlpatterns as walk_in

_TICKET = "console/tickets/<str:number>"

urlpatterns: list[URLPattern] = [
    # Addresses are tried in this order: those that are asked for all day come first.
    path("console/", inbox.inbox, name="console"),
    path("console/search", search.search, name="console-search"),
    path("console/for-you/", for_you.for_you, name="console-for-you"),
    path("console/for-you/reading", for_you.reading, name="console-for-you-reading"),
    path("console/for-you/choice", for_you.choice, name="console-for-you-choice"),
    path("console/searches/", saved.counts, name="console-saved-searches"),
    path("console/searches/new", saved.save, name="console-save-search"),
    path("console/searches/<int:search>/removal", saved.remove, name="console-remove-search"),
    path("console/many/", many.many, name="console-many"),
    path("console/many/undo", undoing.undoing_all, name="console-undo-all"),
    path("console/many/<slug:key>", many.act_on_many, name="console-act-on-many"),
    path("console/tickets/new", new_ticket.new_ticket, name="console-new"),
    path(_TICKET, ticket.ticket, name="console-ticket"),
    path(f"{_TICKET}/print", printed.printed, name="console-print"),
    path(f"{_TICKET}/writing", writing.writing, name="console-writing"),
    path(f"{_TICKET}/composing", composing.composing, name="console-composing"),
    path("console/preview", composing.preview, name="console-preview"),
    path(f"{_TICKET}/undo", undoing.undoing, name="console-undo"),
    *walk_in,
    *addresses(),
    path("console/drafts", drafts.drafts, name="console-drafts"),
    path("console/suggestions/agents", suggestions.agents, name="console-agents"),
    path("console/suggestions/contacts", suggestions.contacts, name="console-known-contacts"),
    path("console/suggestions/tickets", suggestions.tickets, name="console-tickets"),
    path("console/suggestions/tags", suggestions.tags, name="console-known-tags"),
    path("console/suggestions/findings", suggestions.findings, name="console-finding-titles"),
    path("console/improvements/", improvements.improvements, name="console-findings"),
    path(
        "console/improvements/<int:finding>/state",
        improvements.finding_state,
        name="console-finding-state",
    ),
    path("console/morning/", morning.morning, name="console-morning"),
    path("console/morning/tickets", morning.tickets, name="console-morning-tickets"),
    path("console/days/", day_sheet.latest, name="console-days"),
    path("console/days/<str:on>/", day_sheet.day_sheet, name="console-day"),
    path("console/wallboards/", wallboards.wallboards, name="console-wallboards"),
    path(
        "console/wallboards/<int:board>/revoking",
        wallboards.revoking,
        name="console-wallboard-revoking",
    ),
    path("console/erased/", erased.erased, name="console-erased"),
    path("console/reports/", reports.reports, name="console-reports"),
    path(
        "console/reports/service-levels/",
        service_levels.service_levels,
        name="console-service-levels",
    ),
    path(
        "console/reports/service-levels/<slug:what>.csv",
        service_levels.export,
        name="console-service-levels-export",
    ),
    path("console/reports/<slug:key>/", reports.report, name="console-report"),
    path("console/reports/<slug:key>/tickets", reports.tickets, name="console-report-tickets"),
    path(
        "console/reports/<slug:key>/export.<slug:form>",
        reports.export,
        name="console-report-export",
    ),
    path("console/improvements/ratings", ratings.ratings, name="console-ratings"),
    path("console/improvements/themes", themes.themes, name="console-themes"),
    path("console/articles/", articles.articles, name="console-articles"),
    path("console/articles/new", article_editor.article_new, name="console-article-new"),
    path(
        "console/articles/preview", article_editor.article_preview, name="console-article-preview"
    ),
    path(
        "console/articles/gaps/<int:gap>/settling",
        articles.gap_settling,
        name="console-gap-settling",
    ),
    path("console/articles/<int:text>/", article.article, name="console-article"),
    path(
        "console/articles/<int:text>/edit", article_editor.article_edit, name="console-article-edit"
    ),
    path("console/articles/<int:text>/versions", article.versions, name="console-article-versions"),
    path("console/articles/<int:text>/<slug:act>", article.article_act, name="console-article-act"),
    path("console/answers/", ready_answers.ready_answers, name="console-ready-answers"),
    path("console/answers/new", ready_answers.ready_answer_new, name="console-ready-answer-new"),
    path("console/answers/<int:answer>", ready_answers.ready_answer, name="console-ready-answer"),
    path(
        "console/answers/<int:answer>/dropping",
        ready_answers.dropping,
        name="console-ready-answer-dropping",
    ),
    path(f"{_TICKET}/insertions/", insertions.offered, name="console-insertions"),
    path(
        f"{_TICKET}/insertions/article/<int:text>",
        insertions.article,
        name="console-insert-article",
    ),
    path(f"{_TICKET}/insertions/answer/", insertions.answers, name="console-insert-answers"),
    path(
        f"{_TICKET}/insertions/answer/<int:answer>",
        insertions.answer,
        name="console-insert-answer",
    ),
    path(f"{_TICKET}/gap", article_use.gap, name="console-gap"),
    path("console/calls/new", log_call.call_new, name="console-call-new"),
    path("console/calls/callers", caller.callers, name="console-callers"),
    path("console/calls/callers/<int:contact>", caller.card, name="console-caller-card"),
    path("console/calls/now", call_pop.call_pop, name="console-call-pop"),
    path(
        "console/calls/<int:call>/putting-away",
        call_backs.call_put_away,
        name="console-call-put-away",
    ),
    path("console/call-backs/", call_backs.call_backs, name="console-call-backs"),
    path("console/contacts/", contact_card.contacts, name="console-contacts"),
    path("console/contacts/new", adding.new_contact, name="console-contact-new"),
    path("console/people/<slug:what>/known", adding.known_already, name="console-known-already"),
    path(
        "console/suggestions/organisations",
        adding.organisations,
        name="console-known-organisations",
    ),
    path("console/contacts/<int:contact>", contact_card.contact_card, name="console-contact-card"),
    path(
        "console/contacts/<int:contact>/ways",
        contact_card.contact_ways,
        name="console-contact-ways",
    ),
    path(
        "console/contacts/<int:contact>/merging",
        contact_card.contact_merging,
        name="console-contact-merging",
    ),
    path(
        "console/merges/<int:merge>/undoing",
        contact_card.contact_unmerging,
        name="console-contact-unmerging",
    ),
    path("console/settings/", all_settings, name="console-settings"),
    path("console/connections/", RedirectView.as_view(pattern_name="console-settings")),
    path("console/connections/tokens/", settings_tokens.tokens, name="console-tokens"),
    path("console/connections/tokens/new", settings_tokens.new_token, name="console-token-new"),
    path(
        "console/connections/tokens/<int:row>/ending",
        settings_tokens.token_ending,
        name="console-token-ending",
    ),
    path("console/moving-in/", moving_in.moves, name="console-moves"),
    path("console/moving-in/<int:move>", moving_in.move, name="console-move"),
    path("console/moving-in/<int:move>/coming", moving_in.coming, name="console-move-coming"),
    path("console/moving-in/<int:move>/left-out.csv", moving_in.left_out, name="console-left-out"),
    path("console/book/", book_reading.book, name="console-book"),
    path("console/book/file", book_reading.book_file, name="console-book-file"),
    path("console/book/tickets", book_reading.tickets_on_a_line, name="console-book-tickets"),
    path("console/book/edit", book_editing.book_edit, name="console-book-edit"),
    path("console/book/as-read", book_as_read.book_as_read, name="console-book-as-read"),
    path("console/book/new-desk", book_beginning.desk_new, name="console-desk-new"),
    path("console/book/findings", book_editing.book_findings, name="console-book-findings"),
    path("console/book/codes", book_editing.book_codes, name="console-book-codes"),
    path("console/book/schema.json", book_editing.book_schema, name="console-book-schema"),
    path("console/book/scenarios", book_scenarios.book_scenarios, name="console-book-scenarios"),
    path("console/book/change", book_changing.book_change, name="console-book-change"),
    path("console/book/applying", book_changing.book_applying, name="console-book-applying"),
    path("console/left-over/", left_over.left_overs, name="console-left-over"),
    path("console/left-over/trying", deciding.trying, name="console-left-over-trying"),
    path("console/left-over/discarding", deciding.discarding, name="console-discarding"),
    path("console/left-over/taking-back", deciding.taking_back, name="console-taking-back"),
    path("console/left-over/waiting/trying", deciding.trying_now, name="console-trying-now"),
    path("console/left-over/jobs/trying", deciding.trying_jobs, name="console-trying-jobs"),
    path("console/left-over/<slug:sort>/trying", deciding.trying_all, name="console-trying-all"),
    path("console/left-over/mails/<int:mail>", mails.raw_mail, name="console-raw-mail"),
    path(
        "console/left-over/mails/<int:mail>/letting-in",
        mails.letting_in,
        name="console-letting-in",
    ),
    path("console/quarantine", left_over.moved),
    path("console/quarantine/<int:mail>", left_over.moved),
    path("console/mails/<int:mail>/original", originals.original, name="console-original"),
    path("console/messages/<int:message>/pictures", originals.pictures, name="console-pictures"),
    path("console/roster/", roster.roster, name="console-roster"),
    path("console/roster/week.csv", roster.roster_csv, name="console-roster-csv"),
    path("console/roster/copying", roster.copying, name="console-roster-copy"),
    path("console/roster/what-if", what_if, name="console-what-if"),
    path("console/roster/shifts/new", roster_shift.shift_new, name="console-shift-new"),
    path("console/roster/shifts/<int:shift>", roster_shift.shift, name="console-shift"),
    path("console/roster/leave", roster_requests.leave, name="console-leave"),
    path(
        "console/roster/leave/<int:leave>",
        roster_requests.leave_answer,
        name="console-leave-answer",
    ),
    path("console/roster/swaps", roster_requests.swaps, name="console-swaps"),
    path(
        "console/roster/swaps/<int:swap>", roster_requests.swap_answer, name="console-swap-answer"
    ),
    path("console/roster/calendar", roster_feed.new_feed, name="console-feed"),
    path("console/people/", people.people, name="console-people"),
    path("console/people/codes", sign_in_codes.codes, name="console-codes"),
    path("console/people/agents/new", adding.invite, name="console-invite"),
    path(
        "console/people/organisations/new",
        adding.new_organisation,
        name="console-organisation-new",
    ),
    path("console/people/<slug:what>/", people.people, name="console-people"),
    path("console/people/<slug:what>.csv", people.people_csv, name="console-people-csv"),
    path("console/people/agents/<int:number>", person.colleague, name="console-agent"),
    path("console/people/contacts/<int:contact>", person.contact, name="console-contact"),
    path(
        "console/people/organisations/<int:organisation>",
        person.organisation_edit,
        name="console-organisation-edit",
    ),
    path("console/lists/", lists.lists, name="console-lists"),
    path("console/lists/<int:upload>", lists.upload, name="console-list"),
    path("console/lists/<int:upload>/taking-in", lists.taking_in, name="console-list-taking"),
    path("console/lists/<int:upload>/wrong.csv", lists.wrong_csv, name="console-list-wrong"),
    path("console/whatsapp/", whatsapp_capture.chats, name="console-exports"),
    path("console.webmanifest", whatsapp_capture.manifest, name="console-manifest"),
    path("console/whatsapp/shared", whatsapp_capture.shared, name="console-shared"),
    path("console/whatsapp/chats/<int:chat>", whatsapp_capture.chat, name="console-export"),
    path(
        "console/whatsapp/chats/<int:chat>/picks", whatsapp_picks.picks, name="console-export-picks"
    ),
    path("console/suggestions/places", whatsapp_picks.places, name="console-places"),
    path(f"{_TICKET}/answer", writing.writing, {"act": "answer"}, name="console-answer"),
    path(f"{_TICKET}/note", writing.writing, {"act": "note"}, name="console-note"),
    path(f"{_TICKET}/question", writing.writing, {"act": "question"}, name="console-question"),
    path("console/freeze/", freezes.freeze, name="console-freeze"),
    path("console/freeze/<str:form>", freezes.export, name="console-freeze-export"),
    path(
        "console/organisations/<int:organisation>",
        organisation.organisation,
        name="console-organisation",
    ),
    path("console/contacts/<int:contact>/seat", organisation.seat, name="console-contact-seat"),
    path("console/visits/", visits.visits, name="console-visits"),
    path(f"{_TICKET}/visit", visit.visit, name="console-visit"),
    path(f"{_TICKET}/jira", mirrored.note, name="console-jira-note"),
    path("console/chats/", chats.chats, name="console-chats"),
    path("console/chats/events", chats.events, name="console-chat-events"),
    path("console/chats/colleagues", chats.colleagues, name="console-chat-colleagues"),
    path("console/chats/next", chats.taking_next, name="console-chat-next"),
    path("console/chats/<int:chat>/taking", chats.taking, name="console-chat-taking"),
    path("console/chats/<int:chat>/lines", chats.lines, name="console-chat-lines"),
    path("console/chats/<int:chat>/signals", chats.signals, name="console-chat-signals"),
    path("console/chats/<int:chat>/passing", chats.passing, name="console-chat-passing"),
    path("console/chats/<int:chat>/end", chats.ending, name="console-chat-end"),
    path("live/chats", chat_live.operator_stream, name="live-chats"),
    path("live/console", live.console_stream, name="live-console"),
    path("live/tickets/<str:number>", live.ticket_stream, name="live-ticket"),
    path("live/tickets/<str:number>/presence", live.presence, name="live-presence"),
    path(f"{_TICKET}/why/<str:clock>", clocks.why, name="console-why"),
]
