"""What people ask of pages beside their address: lists and their filters, words that are looked for,
pages behind the first. A page that is asked for in a new way gets a line here.
"""

QUEUES = ("open", "mine", "teams", "unassigned", "waiting", "breached", "closed", "redirected")
FILTERS = (
    "severity=s2",
    "stage=closed",
    "stage=new",
    "team=support",
    "outcome=solved",
    "outcome=merged",
)
_BEHIND = "2026-01-01T00:00:00+00:00_1"

ASKED = (
    *(f"/console/?queue={queue}" for queue in (*QUEUES, "team:support")),
    *(
        f"/console/?queue={queue}&{one}"
        for queue in ("open", "closed", "redirected")
        for one in FILTERS
    ),
    *(
        f"/console/?queue={queue}&after={place}.{_BEHIND}"
        for queue, place in [("open", 3), ("closed", 0)]
    ),
    *(
        f"/console/search?q={words}"
        for words in ("the", "export payroll", "quokka", "#1", "no such word")
    ),
    f"/console/search?q=the&after={_BEHIND}",
    "/console/search?q=20",
    "/console/search?requester={Contact}",
    *(
        f"/console/suggestions/{what}?q=pe"
        for what in ("agents", "contacts", "tickets", "findings", "places")
    ),
    "/console/suggestions/tickets?q=export",
    "/console/suggestions/tickets?q=12",
    "/console/calls/callers?q=person",
    "/console/contacts/?q=person",
    "/console/contacts/{Contact}?q=person",
    "/console/contacts/{Contact}?before=5",
    "/console/people/contacts/?q=person",
    "/console/people/contacts/?q=no such person",
    "/console/people/contacts/?from=5",
    "/console/left-over/?q=person",
    *(
        f"/console/left-over/?show={what}"
        for what in ("mail-in", "mail-out", "waiting", "given-up", "came-back", "left-out")
    ),
    "/console/improvements/?state=over",
    *(f"/console/improvements/ratings?value={value}" for value in ("good", "bad")),
    *(f"/console/articles/?list={what}" for what in ("gaps", "drafts", "review")),
    "/console/articles/?q=export",
    "/console/reports/flow/?first=2026-01-01&last=2026-03-31",
    "/console/reports/flow/?severity=s2",
    "/console/reports/flow/tickets?what=new",
    "/console/call-backs/?after=5",
    "/console/tickets/{Ticket}?before=5.5",
    "/console/tickets/{Ticket}/insertions/?q=export",
    "/console/whatsapp/?q=person",
    "/console/lists/?what=contacts&show=all",
    "/desk/{desk}/cases/?state=closed",
    "/desk/{desk}/cases/?whose=all",
    "/desk/{desk}/cases/?state=closed&whose=all",
    "/desk/{desk}/cases/?state=closed&before=2026-01-01T00:00:00+00:00_1",
    "/desk/{desk}/articles/?q=export",
    "/desk/{desk}/articles/suggestions?q=export",
    "/desk/{desk}/articles/suggestions?q=export&format=html",
)
