-- How long is each team at it? All the times of a case with a team together, from its arrival to its leaving or its end.
-- Few cases are with more than one team: those alone are taken apart.
-- What came from another system is left out: no time of this book, and no team of it, had it before.
select ticket_id as ticket, opened_at as at, 'were' as what, null::float8 as value, visits #>> '{0,0}' as line
from deskbook_course ticket where not ticket.imported and {wanted} and jsonb_array_length(visits) = 1
union all
select ticket_id, opened_at, 'left', (visits #>> '{0,1}')::float8, visits #>> '{0,0}'
from deskbook_course ticket where not ticket.imported and {wanted} and jsonb_array_length(visits) = 1 and visits #>> '{0,1}' is not null
union all
select ticket_id, opened_at, unnest(array['were', case when together.seconds is not null then 'left' end]), together.seconds, together.team
from deskbook_course ticket cross join lateral (
    select visit ->> 0 as team, sum((visit ->> 1)::float8) as seconds from jsonb_array_elements(visits) visit group by 1
) together
where not ticket.imported and {wanted} and jsonb_array_length(visits) > 1
