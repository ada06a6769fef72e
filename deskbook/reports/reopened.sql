-- What comes back? Cases that were solved first or again in these days, and those that came back after it; each once, when last.
select ticket_id as ticket, solved_at as at, 'solved' as what, null::float8 as value, {line} as line
from deskbook_course ticket where {wanted} and solved_at is not null
union all
select ticket_id, at, 'reopened', null, {line}
from (
    select ticket_id, max(entry.at) as at from deskbook_logentry entry
    where entry.kind = 'Reopened' and entry.at >= %(from_at)s and entry.at < %(until_at)s
    group by 1
) back join deskbook_course ticket using (ticket_id)
where {wanted}
