-- The lines of a list. Who has no name is known by their number, an owner by their address.
select
    ticket.id, desk.prefix, ticket.number, ticket.subject,
    coalesce(nullif(requester.name, ''), '#' || requester.id), organisation.name,
    coalesce(nullif(person.name, ''), person.email),
    ticket.desk_id, ticket.book_version, ticket.stage, ticket.severity,
    coalesce(ticket.state ->> 'verified', '') <> '',
    ticket.outcome, ticket.is_open, ticket.waits_for,
    coalesce(
        (ticket.state ->> 'requester_wrote_at')::timestamptz
            > coalesce((ticket.state ->> 'last_answer_at')::timestamptz, '-infinity'),
        false),
    ticket.state ->> 'outsider_wrote_at' is not null,
    ticket.next_due_at, ticket.next_due_clock,
    to_char({key} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"') || '_' || ticket.id
from deskbook_ticket ticket
join deskbook_helpdesk desk on desk.id = ticket.desk_id
join deskbook_contact requester on requester.id = ticket.requester_id
left join deskbook_organisation organisation on organisation.id = ticket.organisation_id
left join deskbook_agent owner on owner.id = ticket.owner_id
left join deskbook_user person on person.id = owner.user_id
where {where}
order by {order}
limit {most}
