-- How long do people wait before somebody is there? At the counter, in chat and on the phone, as far as a case came of it;
-- of several times of a case the longest.
with waited as (
    select token.ticket_id as ticket, token.taken_at as at, token.called_at as until_at, 'walk-in' as line
    from deskbook_token token
    union all
    select chat.ticket_id, chat.began_at, chat.taken_at, 'chat' from deskbook_chatsession chat
    union all
    select call.ticket_id, call.started_at, call.answered_at, 'phone'
    from deskbook_call call where call.direction = 'inbound'
), of_case as (
    select waited.ticket as ticket, line, max(waited.at) as at, max(extract(epoch from until_at - waited.at))::float8 as value
    from waited join deskbook_course ticket on ticket_id = waited.ticket
    where {wanted} and waited.at >= %(from_at)s and waited.at < %(until_at)s
    group by 1, 2
)
select of_case.ticket, at, what, value, line
from of_case, unnest(array['came', case when value is null then 'nobody came' else 'met' end]) what
