-- Do we keep our times? Of the cases that came and that the book sets a time for: which of them are kept or missed by now.
with wanted as materialized (
    select ticket_id, opened_at, answered_at, solved_at, ended_at, visits,
        cardinality(missed) > 0 and exists (select from unnest(missed) mark where mark like 'response%%') as response_missed,
        cardinality(missed) > 0 and exists (select from unnest(missed) mark where mark like 'resolve%%') as resolve_missed,
        cardinality(missed) > 0 and exists (select from unnest(missed) mark where mark like 'team:%%') as team_missed,
        {with a target: response} as has_response,
        {with a target: resolve} as has_resolve,
        {with a target: team} as has_team
    from deskbook_course ticket
    where {wanted} and opened_at >= %(from_at)s and opened_at < %(until_at)s
), marked as materialized (
    select *, (has_response or response_missed) and (response_missed or answered_at is not null) as response,
        (has_resolve or resolve_missed) and (resolve_missed or solved_at is not null) as resolve,
        (has_team or team_missed) and (team_missed or ended_at is not null) as team
    from wanted
)
select ticket_id as ticket, opened_at as at, what, null::float8 as value, null as line
from marked, unnest(array[
    case when response then 'response' end,
    case when response and not response_missed then 'response kept' end,
    case when response_missed then 'response missed' end,
    case when resolve then 'resolve' end,
    case when resolve and not resolve_missed then 'resolve kept' end,
    case when resolve_missed then 'resolve missed' end,
    case when team then 'team' end,
    case when team and not team_missed then 'team kept' end,
    case when team_missed then 'team missed' end
]) what
where what is not null
