-- Do we keep up? A line when a case came, a line when it ended, and one for each step it was open
-- at the end of. What was neither open nor touched since the first step began tells nothing of it.
with wanted as (
    select id, opened_at, outcome, case when outcome = 'merged' then (
            select max(at) from deskbook_logentry
            where ticket_id = ticket.id and kind = 'Merged'
        ) else closed_at end as ended_at
    from (
        -- Apart, each at its own index; whole rows would be compared with all that was ever said.
        select id from deskbook_ticket
        where desk_id = %(desk)s and last_activity_at >= %(from_at)s
        union
        select id from deskbook_ticket where desk_id = %(desk)s and is_open
    ) touched join deskbook_ticket ticket using (id)
    where (%(team)s = '' or team = %(team)s)
        and (%(severity)s = '' or severity = %(severity)s)
        and (%(category)s = '' or category = %(category)s)
)
select id as ticket, opened_at as at, 'new' as what from wanted
union all
select id, ended_at, outcome from wanted where ended_at is not null
union all
select wanted.id, over.at, 'open'
from wanted join (
    select least(until_at, now()) - interval '1 microsecond' as at
    from unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) step (from_at, until_at)
    where from_at < now()
) over on opened_at <= over.at and (ended_at is null or ended_at > over.at)
