-- The lines of a list: which tickets and in whose order `picked` says, all else is asked of a page of them alone. Who
-- has no name is known by their number, an owner by their address. Instants are seconds of the epoch: as such they cost
-- Python an eighth of what others do.
select
    ticket.id, prefix, ticket.number, subject,
    coalesce(nullif(requester.name, ''), '#' || requester.id), organisation.name,
    coalesce(nullif(person.name, ''), person.email),
    ticket.desk_id, ticket.book_version, stage, severity,
    coalesce(state ->> 'verified', '') <> '',
    outcome, is_open, waits_for,
    turn = 'requester',
    state ->> 'outsider_wrote_at' is not null,
    state ->> 'returned_at' is not null,
    nullif(array_to_string(tags, ','), ''),
    extract(epoch from next_due_at)::float8, next_due_clock,
    coalesce(nullif(writer.name, ''), nullif(agent.name, ''), nullif(sender, ''), '?') || ': '
        || regexp_replace(left(said.text, 200), '\s+', ' ', 'g'),
    extract(epoch from said.at)::float8,
    section, ticket.seq,
    extract(epoch from ticket.last_activity_at)::float8, extract(epoch from ticket.changed_at)::float8,
    stands_at::text || '_' || ticket.id
from ({picked}) picked
join deskbook_ticket ticket using (id)
join deskbook_helpdesk desk on desk.id = ticket.desk_id
join deskbook_contact requester on requester.id = requester_id
left join deskbook_organisation organisation on organisation.id = ticket.organisation_id
left join deskbook_agent owner on owner.id = owner_id
left join deskbook_user person on person.id = owner.user_id
left join lateral (
    select * from deskbook_message
    where ticket_id = ticket.id and kind <> 'system' order by at desc, id desc limit 1
) said on true
left join deskbook_contact writer on writer.id = author_contact_id
left join deskbook_user agent on agent.id = author_user_id
order by section, stands_at{direction}, ticket.id{direction}
limit {most}
