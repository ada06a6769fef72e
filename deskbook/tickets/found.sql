-- Which tickets a page of a search shows, the latest activity first. The index of words knows no order, and takes
-- a third of a microsecond for each ticket that holds them, seven where the ticket is looked at; going through tickets in
-- their order takes twenty for each. So it goes by how common the words are. What one in twenty-five of a hundred
-- late tickets holds is met in order. Of the rest the index of words and that of activity together give those among the
-- latest, %(window)s or a fiftieth of the desk's; where these are no page, all that hold the words are put in order.
with asked as materialized (select to_tsquery('simple', %(words)s) as words),
last as materialized (
    select max(number) as number from deskbook_ticket where desk_id = %(desk)s
),
common as materialized (
    select count(*) >= 4 as it from deskbook_ticket ticket
    where ticket.desk_id = %(desk)s and coalesce(ticket.search @@ (select words from asked), false)
        and ticket.number = any(array(
            select last.number - n * greatest(1, least(%(window)s, last.number) / 100)
            from generate_series(0, 99) n, last
        ))
),
edge as materialized (
    select coalesce((
        select ticket.last_activity_at from deskbook_ticket ticket
        where not (select it from common) and ticket.desk_id = %(desk)s
            and ticket.last_activity_at <= coalesce(%(behind_at)s, 'infinity'::timestamptz)
        order by ticket.last_activity_at desc offset (select least(%(window)s, number / 50) from last) limit 1
    ), '-infinity') as at
),
near as materialized (
    select ticket.id, ticket.last_activity_at from deskbook_ticket ticket
    where not (select it from common) and ticket.desk_id = %(desk)s
        and ticket.search @@ (select words from asked)
        and ticket.last_activity_at >= (select at from edge)
        and ticket.last_activity_at <= coalesce(%(behind_at)s, 'infinity'::timestamptz) and {where}
),
enough as materialized (
    select (select count(*) from near) >= {most} or (select at from edge) = '-infinity' as it
),
every as materialized (
    select ticket.id, ticket.last_activity_at from deskbook_ticket ticket
    where not (select it from common) and not (select it from enough) and ticket.desk_id = %(desk)s
        and ticket.search @@ (select words from asked) and {where}
)
(
    select ticket.id, 0 as section, ticket.last_activity_at as stands_at from deskbook_ticket ticket
    where (select it from common) and coalesce(ticket.search @@ (select words from asked), false) and {where}
    order by last_activity_at{direction}, id{direction} limit {most}
)
union all
(
    select id, 0, last_activity_at from near where (select it from enough)
    order by last_activity_at{direction}, id{direction} limit {most}
)
union all
(select id, 0, last_activity_at from every order by last_activity_at{direction}, id{direction} limit {most})
