-- How cases went: a line when one came, was answered first, was solved (with how long that took), ended and how. Each branch
-- reads the rows anew: what of them is not counted costs nothing so, and nothing is written down in between.
select ticket_id as ticket, opened_at as at, 'new' as what, null::float8 as value, {line} as line
from deskbook_course ticket where {wanted}
union all
select ticket_id, answered_at, 'answered', date_part('epoch', answered_at - opened_at), {line}
from deskbook_course ticket where {wanted} and answered_at is not null
union all
select ticket_id, solved_at, 'solved', date_part('epoch', solved_at - opened_at), {line}
from deskbook_course ticket where {wanted} and solved_at is not null
union all
select ticket_id, ended_at, 'redirected', null, {line} from deskbook_course ticket where {wanted} and outcome = 'redirected'
union all
select ticket_id, opened_at, 'missed', null, {line} from deskbook_course ticket where {wanted} and cardinality(missed) > 0
