-- One page of a ticket's story: what was done, the messages this speaks of, and what became of them.
with done as (
    select seq, kind, actor, at, data from deskbook_logentry
    where ticket_id = %(ticket)s and seq < %(before)s
    order by seq desc limit %(newest)s
)
select
    (select json_agg(json_build_array(seq, kind, actor, at, data) order by seq) from done),
    (select json_agg({said_as_array}) from ({said}) as said ({said_columns})),
    (select json_agg({became_as_array}) from ({became}) as became ({became_columns}))
