-- Who solves it? Cases by when they were solved, and how many teams they were with until then.
-- What came from another system is left out: no time of this book, and no team of it, had it before.
select ticket_id as ticket, solved_at as at, unnest(array[
        'solved', case jsonb_array_length(visits) when 0 then 'first' when 1 then 'first' when 2 then 'second' else 'more' end
    ]) as what, date_part('epoch', solved_at - opened_at) as value, {line} as line
from deskbook_course ticket
where not ticket.imported and {wanted} and solved_at is not null
