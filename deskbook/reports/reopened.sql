-- What comes back? Cases that were solved first or again in these days, and those that came back after it; each once, when last.
select ticket_id as ticket, solved_at as at, 'solved' as what, null::float8 as value, null as line
from deskbook_course ticket where {wanted} and solved_at is not null
union all
select ticket_id, max(entry.at), 'reopened', null, null
from deskbook_logentry entry join deskbook_course ticket using (ticket_id)
where {wanted} and entry.kind = 'Reopened' and entry.at >= %(from_at)s and entry.at < %(until_at)s
group by 1
