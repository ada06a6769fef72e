"""What is told of a case to who of the desk does not see it: its number and stage; in words, in a
list, and in what is counted.
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from deskbook.people.books import desk_at
from deskbook.tickets.models import Ticket


def masked_words(ticket: Ticket) -> str:
    """Returns it in the active language."""
    stage = desk_at(ticket.desk_id, ticket.book_version).stages[ticket.stage]
    words = _("%(number)s is confined to others of the desk. Its stage: %(stage)s.")
    return words % {"number": ticket, "stage": stage.title}


def masked_lines(lines: str, seen: str, names: Sequence[str]) -> str:
    """Returns the SQL of lines without what is not told of those that are not seen."""
    columns = ", ".join(names)
    told = ", ".join(
        f"case when seen then line.{name} else {_UNTOLD[name]} end"
        if name in _UNTOLD
        else f"line.{name}"
        for name in names
    )
    return (
        f"select {told} from (select row_number() over () as place, one.* from ({lines})"
        f" one ({columns})) line join (select ticket.id, {seen} as seen"
        " from deskbook_ticket ticket) sight on sight.id = line.id order by line.place"
    )


_UNTOLD = {
    **dict.fromkeys(("subject", "requester", "severity", "next_due_clock", "waits_for"), "''"),
    **dict.fromkeys(("organisation", "owner", "next_due", "said", "said_when", "tags"), "null"),
    **dict.fromkeys(("is_verified", "requester_waits", "outsider_wrote"), "false"),
}
"""What stands in a line for what is not told; its number, stage and place in the list are."""


COUNTED_OF_SEEN = """
    (select json_object_agg(queue, n) from (
        select queue, count(*) as n from deskbook_ticket ticket, lateral unnest(array[
            'open',
            case when {seen} then case when owner_id is null then 'unassigned'
                when owner_id = %(sight_me)s then 'owner:' || owner_id end end,
            case when {seen} and team = any(%(sight_own)s) then 'teams' end,
            case when {seen} and waits_for <> 'desk' then 'waiting' end,
            case when {seen} and state ->> 'held_by' is not null then 'held' end,
            case when {seen} then case when {late} then 'breached'
                when {soon} then 'due soon' end end
        ]) queue
        where desk_id = %(desk)s and is_open and ({listed}) and queue is not null group by queue
        union all
        select 'outcome:redirected', count(*) from deskbook_ticket ticket
        where desk_id = %(desk)s and outcome = 'redirected' and ({seen})) counts)
"""
