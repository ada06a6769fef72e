-- Do we keep up? A line when a case came, two when it ended, and one for each step it was open at the end of.
select ticket_id as ticket, opened_at as at, 'new' as what, null::float8 as value, {line} as line
from deskbook_course ticket where {wanted}
union all
select ticket_id, ended_at, outcome::text, null, {line} from deskbook_course ticket where {wanted} and ended_at is not null
union all
select ticket_id, ended_at, 'ended', null, {line} from deskbook_course ticket where {wanted} and ended_at is not null
union all
select ticket_id, to_timestamp((%(starts)s::float8[])[generate_series(came, gone - 1)]), 'open', null, line
from (
    select ticket_id, {line} as line, greatest(width_bucket(date_part('epoch', opened_at), %(starts)s::float8[]), 1) as came,
        coalesce(
            width_bucket(date_part('epoch', ended_at), %(starts)s::float8[]),
            width_bucket(date_part('epoch', now()), %(starts)s::float8[]) + 1
        ) as gone
    from deskbook_course ticket
    where {wanted} and opened_at < %(until_at)s and (ended_at is null or ended_at >= %(from_at)s)
) stayed
where came < gone
