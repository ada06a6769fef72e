-- What a ticket's page shows beside its story. What few tickets have is asked for where this says
-- that there is any.
select json_build_object(
    'draft', (
        select fields from deskbook_draft
        where user_id = %s and place = 'ticket ' || deskbook_ticket.id
    ),
    'is_followed', exists (
        select from deskbook_participant
        where ticket_id = deskbook_ticket.id and contact_id <> deskbook_ticket.requester_id
    ),
    'follows', exists (
        select from deskbook_following following
        join deskbook_agent agent on agent.id = following.agent_id
        where following.ticket_id = deskbook_ticket.id and agent.user_id = %s
    ),
    'ways', (
        select json_agg(json_build_array(way.id, way.channel, way.identifier) order by way.id)
        from deskbook_contactidentity way where way.contact_id = {person}
    ),
    'holders', (
        select json_agg(
            json_build_array(id::text, coalesce(nullif(name, ''), '#' || id)) order by name, id)
        from deskbook_contact
        where organisation_id = deskbook_ticket.organisation_id and named and merged_into_id is null
    ),
    'asks_for_a_seat', exists (
        select from deskbook_contactchange where ticket_id = deskbook_ticket.id
    ),
    'other_cases', (
        select count(*) from (
            select from deskbook_ticket other
            where other.is_open and other.id <> deskbook_ticket.id and other.requester_id in (
                select id from deskbook_contact where id = {person} or merged_into_id = {person}
            )
            limit 10
        ) as others
    ),
    'promised', case when deskbook_ticket.state -> 'promises' <> '[]' then (
        select json_object_agg(promise, text) from ({promised} deskbook_ticket.id) as promised
    ) end,
    'call_back', (
        select json_build_array(number, due_at) from deskbook_callback
        where ticket_id = deskbook_ticket.id and ended_at is null order by due_at limit 1
    ),
    'is_rated', exists (select from deskbook_rating where ticket_id = deskbook_ticket.id),
    'sendings', (
        select json_agg(json_build_array(sending.id, sending.agent_id,
            coalesce(nullif(writer.name, ''), writer.email), sending.fields ->> 'act',
            left(sending.fields ->> 'text', 20000), sending.said_at, sending.leaves_at,
            sending.held, sending.fields ->> 'stage') order by sending.leaves_at, sending.id)
        from deskbook_sending sending
        join deskbook_agent agent on agent.id = sending.agent_id
        join deskbook_user writer on writer.id = agent.user_id
        where sending.ticket_id = deskbook_ticket.id
    ),
    'findings', (
        select json_agg(finding.title order by link.at desc, link.id desc)
        from deskbook_findingticket link
        join deskbook_finding finding on finding.id = link.finding_id
        where link.ticket_id = deskbook_ticket.id
    )
)
