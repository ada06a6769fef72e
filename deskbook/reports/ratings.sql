-- What do requesters think? The last rating of each case.
select ticket_id as ticket, at, unnest(array['rated', value]) as what, null::float8 as value, line
from (
    select distinct on (rating.ticket_id) rating.ticket_id, rating.at, rating.value,
        {line} as line
    from deskbook_rating rating join deskbook_course ticket using (ticket_id)
    where {wanted} and rating.at >= %(from_at)s and rating.at < %(until_at)s
    order by rating.ticket_id, rating.at desc, rating.id desc
) latest
