-- What is open, and how old is it? Each open case by its age and by whose turn it is; solved ones wait to be closed.
select ticket_id as ticket, now() as at, what, extract(epoch from now() - opened_at)::float8 as value,
    (array['day', '2 days', 'week', '2 weeks', 'month', '3 months', 'older'])[
        width_bucket(extract(epoch from now() - opened_at), array[0, 86400, 172800, 604800, 1209600, 2592000, 7776000]::numeric[])
    ] as line
from deskbook_course ticket, unnest(array[
    'open', case when solved_at is not null then 'solved' else ticket.waits_for end,
    case when cardinality(missed) > 0 then 'missed' end
]) what
where {wanted} and ended_at is null and what is not null
