-- Do we keep up? A line when a case came, two when it ended, and one for each step it was open at the end of.
with wanted as (
    select ticket_id, opened_at, ended_at, outcome
    from deskbook_course ticket
    where {wanted} and opened_at < %(until_at)s and (ended_at is null or ended_at >= %(from_at)s)
)
select ticket_id as ticket, opened_at as at, 'new' as what, null::float8 as value, null as line from wanted
union all
select ticket_id, ended_at, unnest(array[outcome, 'ended']), null, null from wanted where ended_at is not null
union all
select ticket_id, (%(starts)s::timestamptz[])[step], 'open', null, null
from wanted, generate_series(
    greatest(width_bucket(opened_at, %(starts)s::timestamptz[]), 1),
    least(
        width_bucket(ended_at, %(starts)s::timestamptz[]) - 1,
        width_bucket(now(), %(starts)s::timestamptz[])
    )
) step
