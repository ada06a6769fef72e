-- Which tickets a page of a search shows. With an order to keep and no more rows wanted than a page, PostgreSQL takes
-- every word for a common one and goes through the tickets in their order until it has a page: all of them for a word
-- that few hold. So those are asked for first, by the index of words; only where it is more than `few` of them is a
-- page in order near at hand.
with few as materialized (
    select ticket.id from deskbook_ticket ticket
    where ticket.desk_id = %(desk)s and ticket.search @@ to_tsquery('simple', %(words)s)
    limit %(few)s
),
found as materialized (select count(*) = %(few)s as many from few)
(
    select ticket.id from deskbook_ticket ticket
    where not (select many from found) and ticket.id in (select id from few) and {where}
    order by {order} limit %(most)s
)
union all
(
    select ticket.id from deskbook_ticket ticket
    where (select many from found) and (ticket.search @@ to_tsquery('simple', %(words)s)) is true and {where}
    order by {order} limit %(most)s
)
