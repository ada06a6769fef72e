"""What can be proved wrong with a whole book, or is worth a look: hours, stages, ladders,
targets.
"""

from collections.abc import Callable
from datetime import date

from deskbook.book.amount_proofs import prove_amounts, prove_order
from deskbook.book.anonymous_proofs import prove_anonymous
from deskbook.book.channel_proofs import (
    prove_channels,
    prove_site_visits,
    prove_templates,
    prove_visitors,
)
from deskbook.book.compile import Compiled
from deskbook.book.duty_proofs import (
    prove_hand_ups,
    prove_on_duty,
    prove_people,
    prove_rosters,
    prove_staffed,
)
from deskbook.book.hours_proofs import look_ahead, prove_lists, prove_openings, prove_windows
from deskbook.book.keep_proofs import prove_keep
from deskbook.book.letter_proofs import prove_letters
from deskbook.book.organisation_proofs import (
    prove_freezes,
    prove_hops,
    prove_levels,
    prove_outside,
    prove_responsibilities,
    prove_seats,
)
from deskbook.book.plan_proofs import prove_limits, prove_ways
from deskbook.book.recurring_proofs import prove_recurring, recurring_ahead, reports_ahead
from deskbook.book.routing_proofs import prove_routing, prove_seen
from deskbook.book.service_level_proofs import prove_compensation, prove_service_levels
from deskbook.book.severity_proofs import prove_matrix, prove_responses, prove_severities
from deskbook.book.slips import (
    prove_addresses,
    prove_keys,
    prove_ladders,
    prove_lists_of_names,
    prove_names,
    prove_promises,
)
from deskbook.book.stage_proofs import prove_stages
from deskbook.book.target_proofs import (
    prove_beginnings,
    prove_gravest_first,
    prove_targets,
    prove_ties,
)
from deskbook.book.translation_proofs import prove_translations

Proof = Callable[[Compiled], None]


CONDITIONS = (
    "facets",
    "types",
    "categories",
    "severities",
    "priorities",
    "plans",
    "teams",
    "channels",
    "matrix",
    "sites",
)


HOURS = ("zone", "hours", "holidays", "open", "dates", "plans")


def prove(compiled: Compiled, today: date | None) -> None:
    """Adds what is found to the book's remarks. A proof is left out when what it reads has errors
    already.
    """
    broken = compiled.remarks.broken_sections()
    for proof, reads in PROOFS:
        if not broken & {*reads, "\0place"}:
            proof(compiled)
    if today and not broken & set(HOURS):
        look_ahead(compiled, today)
    if today and not broken & {"recurring", *HOURS}:
        recurring_ahead(compiled, today)
    if today and not broken & {"reports", *HOURS}:
        reports_ahead(compiled, today)


TARGETS = ("targets", *CONDITIONS)
DUTY = ("teams", "levels", "rosters", *HOURS)
PROOFS: tuple[tuple[Proof, tuple[str, ...]], ...] = (
    (prove_names, ()),
    (prove_lists_of_names, ()),
    (prove_keys, ("facets", "types", "categories")),
    (prove_routing, ("routing", *CONDITIONS)),
    (prove_seen, ("routing", *CONDITIONS)),
    (prove_targets, TARGETS),
    (prove_ties, TARGETS),
    (prove_gravest_first, (*TARGETS, *HOURS)),
    (prove_beginnings, TARGETS),
    (prove_promises, ("targets", "plans")),
    (prove_amounts, ("targets", "stages", *HOURS)),
    (prove_order, ("targets", *HOURS)),
    (prove_severities, ("severities", "priorities")),
    (prove_responses, TARGETS),
    (prove_matrix, ("matrix", "severities", "priorities", "channels")),
    (prove_stages, ("stages",)),
    (prove_ladders, ("stages",)),
    (prove_keep, ("keep", "reopening", *CONDITIONS)),
    (prove_letters, ("letters", "templates", "stages", "rosters", *TARGETS)),
    (prove_anonymous, ("anonymous", "directory", *CONDITIONS)),
    (prove_service_levels, ("service levels", *TARGETS)),
    (prove_compensation, ("compensation", *TARGETS)),
    (prove_limits, CONDITIONS),
    (prove_ways, CONDITIONS),
    (prove_recurring, ("recurring", "routing", "freeze", *CONDITIONS)),
    (prove_openings, HOURS),
    (prove_windows, HOURS),
    (prove_lists, HOURS),
    (prove_seats, ("seats",)),
    (prove_addresses, ("mail",)),
    (prove_responsibilities, ("responsibilities",)),
    (prove_outside, ("outside", "stages")),
    (prove_freezes, ("freeze", "stages")),
    (prove_levels, ("levels", "teams", "hops")),
    (prove_hops, ("levels", "teams", "hops", "routing", "channels")),
    (prove_hand_ups, ("targets", *DUTY)),
    (prove_rosters, DUTY),
    (prove_staffed, DUTY),
    (prove_people, ("teams", "routing", *CONDITIONS)),
    (prove_on_duty, ("targets", *CONDITIONS, *HOURS)),
    (prove_channels, ("channels", "directory")),
    (prove_visitors, ("channels", "sites", "services")),
    (prove_templates, ("templates", "languages")),
    (prove_site_visits, ("site visits", "teams", *CONDITIONS)),
    (prove_translations, ("languages", "in")),
)
"""Each proof, and the sections of a book it reads."""
