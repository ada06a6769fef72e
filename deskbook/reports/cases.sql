-- How cases went: a line when one came, was answered first, was solved (with how long that took), ended and how.
with wanted as (select * from deskbook_course ticket where {wanted})
select ticket_id as ticket, opened_at as at, 'new' as what, null::float8 as value, null as line from wanted
union all
select ticket_id, answered_at, 'answered', extract(epoch from answered_at - opened_at), null
from wanted where answered_at is not null
union all
select ticket_id, solved_at, 'solved', extract(epoch from solved_at - opened_at), null
from wanted where solved_at is not null
union all
select ticket_id, ended_at, 'redirected', null, null from wanted where outcome = 'redirected'
union all
select ticket_id, solved_at, 'finished', null, null from wanted where solved_at is not null
union all
select ticket_id, ended_at, 'finished', null, null from wanted where outcome = 'redirected'
union all
select ticket_id, opened_at, 'missed', null, null from wanted where cardinality(missed) > 0
