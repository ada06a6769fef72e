-- How long is each team at it? All the times of a case with a team together, from its arrival to its leaving or its end.
select ticket_id as ticket, opened_at as at, what, sum(seconds)::float8 as value, visit.team as line
from deskbook_course ticket, lateral (
    select visit ->> 0 as team, (visit ->> 1)::numeric as seconds from jsonb_array_elements(visits) visit
) visit, unnest(array['were', case when seconds is not null then 'left' end]) what
where {wanted} and opened_at >= %(from_at)s and opened_at < %(until_at)s and what is not null
group by 1, 2, 3, 5
