-- How are the times spread? Cases answered first, and solved, by how long after they came.
select ticket, at, what, value,
    (array['hour', '4 hours', '8 hours', 'day', '2 days', 'week', '2 weeks', 'month', 'more'])[
        width_bucket(value, array[0, 3600, 14400, 28800, 86400, 172800, 604800, 1209600, 2592000]::float8[])
    ] as line
from (
    select ticket_id as ticket, answered_at as at, 'answered' as what, date_part('epoch', answered_at - opened_at) as value
    from deskbook_course ticket where {wanted} and answered_at is not null
    union all
    select ticket_id, solved_at, 'solved', date_part('epoch', solved_at - opened_at)
    from deskbook_course ticket where {wanted} and solved_at is not null
) spans
