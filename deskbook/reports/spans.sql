-- How are the times spread? Cases answered first, and solved, by how long after they came.
with wanted as (
    select ticket_id, opened_at, answered_at, solved_at from deskbook_course ticket where {wanted}
), spans as (
    select ticket_id, answered_at as at, 'answered' as what, extract(epoch from answered_at - opened_at) as value from wanted
    union all
    select ticket_id, solved_at, 'solved', extract(epoch from solved_at - opened_at) from wanted
)
select ticket_id as ticket, at, what, value::float8,
    (array['hour', '4 hours', '8 hours', 'day', '2 days', 'week', '2 weeks', 'month', 'more'])[
        width_bucket(value, array[0, 3600, 14400, 28800, 86400, 172800, 604800, 1209600, 2592000]::numeric[])
    ] as line
from spans where at is not null
