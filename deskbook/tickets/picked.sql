-- Which tickets a page of a list shows: of each section its first, for which its own index is read to the page's end.
with ticket as not materialized (select * from deskbook_ticket ticket where {where})
select * from ({sections}) sections (id, section, stands_at)
order by section, stands_at{direction}, id{direction} limit {most}
