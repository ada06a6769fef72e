-- Do we keep our times? Of the cases that came and that the book sets a time for: which of them are kept or missed by now.
-- What came from another system is left out: no time of this book, and no team of it, had it before.
select ticket_id as ticket, opened_at as at, case when late then 'response missed' else 'response kept' end as what,
    null::float8 as value, line
from (
    select ticket_id, opened_at, {line} as line, answered_at is not null as met, {with a target: response} as has,
        cardinality(missed) > 0 and exists (select from unnest(missed) mark where mark like 'response%%') as late
    from deskbook_course ticket where not ticket.imported and {wanted} and opened_at >= %(from_at)s and opened_at < %(until_at)s
) response where late or (has and met)
union all
select ticket_id, opened_at, case when late then 'resolve missed' else 'resolve kept' end, null, line
from (
    select ticket_id, opened_at, {line} as line, solved_at is not null as met, {with a target: resolve} as has,
        cardinality(missed) > 0 and exists (select from unnest(missed) mark where mark like 'resolve%%') as late
    from deskbook_course ticket where not ticket.imported and {wanted} and opened_at >= %(from_at)s and opened_at < %(until_at)s
) resolve where late or (has and met)
union all
select ticket_id, opened_at, case when late then 'team missed' else 'team kept' end, null, line
from (
    select ticket_id, opened_at, {line} as line, ended_at is not null as met, {with a target: team} as has,
        cardinality(missed) > 0 and exists (select from unnest(missed) mark where mark like 'team:%%') as late
    from deskbook_course ticket where not ticket.imported and {wanted} and opened_at >= %(from_at)s and opened_at < %(until_at)s
) team where late or (has and met)
