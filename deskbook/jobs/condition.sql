-- Readings of which there is one: its measure, two labels, and the number.
select 'worker_silent_seconds' as measure, '' as first, '' as second,
    extract(epoch from now() - max(last_heartbeat)) as value
from procrastinate_workers having count(*) > 0
union all
select 'jobs', queue_name, status::text, count(*) from procrastinate_jobs
where status in ('todo', 'doing', 'failed') group by queue_name, status
union all
select 'mail_not_read_seconds', '', '', coalesce(extract(epoch from now() - min(received_at)), 0)
from deskbook_inboundmail where state = 'new'
union all
select 'wake_lag_seconds', '', '', greatest(0, coalesce(extract(epoch from now() - min(wake_at)), 0))
from deskbook_ticket where wake_at is not null
union all
select 'tickets_open', desk.key, '', count(ticket.id)
from deskbook_helpdesk desk left join deskbook_ticket ticket on ticket.desk_id = desk.id and ticket.is_open
group by desk.key
union all
select 'database_bytes', '', '', pg_database_size(current_database())
