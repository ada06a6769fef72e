-- What one act leaves beside its ticket and its log: counts, its key, and the word to open screens.
with counted as (
    insert into deskbook_queuechange (desk_id, queue, change)
    select %(desk)s, * from unnest(%(queues)s::text[], %(changes)s::int[])
), remembered as (
    insert into deskbook_command (key, ticket_id, first_seq, last_seq, done_at)
    select %(key)s::text, %(ticket)s::bigint, %(first)s::int, %(last)s::int, clock_timestamp()
    where %(key)s::text is not null
)
select pg_notify(%(channel)s::text, %(told)s::text) where %(told)s::text is not null
