-- One page of a ticket's story: what was done, the messages this speaks of, what became of them,
-- and who at the desk did it.
with done as (
    select seq, kind, actor, at, data from deskbook_logentry
    where ticket_id = %(ticket)s and seq < %(before)s
    order by seq desc limit %(newest)s
)
select
    (select json_agg(json_build_array(seq, kind, actor, at, data) order by seq) from done),
    (select json_agg({said_as_array}) from ({said}) as said ({said_columns})),
    (select json_agg({became_as_array}) from ({became}) as became ({became_columns})),
    (select json_object_agg(agent.id, coalesce(nullif(person.name, ''), person.email))
     from deskbook_agent agent join deskbook_user person on person.id = agent.user_id
     where agent.id in (select substr(actor, 7)::bigint from done where actor like 'agent:%%'))
