-- When do cases come? By the hour and the weekday of the desk (1 is Monday).
select ticket_id as ticket, opened_at as at, extract(isodow from opened_at at time zone %(zone)s)::text as what,
    null::float8 as value, extract(hour from opened_at at time zone %(zone)s)::text as line
from deskbook_course ticket where {wanted} and opened_at >= %(from_at)s and opened_at < %(until_at)s
