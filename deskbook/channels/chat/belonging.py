"""Whether a chat's visitor still has part in the case it shows, and what of it is theirs to read.

A chat outlives what the desk does with its case: it is made somebody else's, merged, taken apart,
or the visitor is let go. Whatever a chat shows, takes or mails asks here, in the statement it makes
anyway.
"""

from deskbook.channels.chat.models import ChatSession
from deskbook.tickets.models import Ticket

PART = """
    select person.id as person,
        min(case when person.organisation_id = t.organisation_id then '-infinity'
            else coalesce(has.since, '-infinity') end) as since
    from deskbook_contact own
    join deskbook_contact person on person.id = coalesce(own.merged_into_id, own.id)
    join deskbook_ticket t on t.id = s.ticket_id
    cross join lateral (
        select t.requester_id as contact, null::timestamptz as since
        union all select p.contact_id, p.since from deskbook_participant p where p.ticket_id = t.id
    ) has
    join deskbook_contact they on they.id = has.contact
        and coalesce(they.merged_into_id, they.id) = person.id
    where own.id = s.contact_id group by person.id
"""
"""Of a chat `s`: who its visitor is, and since when they read all that is said; no row when they
have no part.

The rule of `takes_part` and `reads_since` in people/, for what has no time for statements
of its own.
"""
TAKES_PART = f"exists ({PART})"

READERS = f"""
    select array_agg(s.id) as chats, array_agg(has_part.person) as people,
        array_agg(has_part.since) as sinces
    from deskbook_chatsession s cross join lateral ({PART}) has_part
        where s.ticket_id = wanted.ticket
"""
"""Of a ticket `wanted.ticket`: the chats that show it now to somebody who has part in it."""
MAY_READ = """
    array(select r.chat from unnest(readers.chats, readers.people, readers.sinces) r (chat, person,
        since)
        where (m.at >= r.since or coalesce(c.merged_into_id, c.id) = r.person)
            and not exists (select from deskbook_contact k
                where k.id = any(m.kept_from) and coalesce(k.merged_into_id, k.id) = r.person))
"""
"""Of a message `m` by a contact `c`: which of those chats show it."""


def are_two_chats(ticket: Ticket, other: Ticket) -> bool:
    """Whether two people are at chats about these tickets: merged, each would read the other."""
    going_on = ChatSession.objects.filter(ticket__in=(ticket, other)).exclude(
        state=ChatSession.State.ENDED
    )
    people = {chat.contact.person_id for chat in going_on.select_related("contact")}
    return len(people) > 1
