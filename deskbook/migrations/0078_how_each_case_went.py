import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

COLUMNS = """ticket_id, desk_id, opened_at, answered_at, solved_at, ended_at, outcome, waits_for, team,
  severity, category, kind, place, channel, plan, owner_id, facets, missed, visits"""
OF_A_ROW = """
  new.id, new.desk_id, new.opened_at,
  (new.state ->> 'first_answer_at')::timestamptz,
  case when new.outcome = 'solved' then (
    case when new.is_open then new.state #>> '{stays,-1,from_at}' else new.state #>> '{stays,-2,from_at}' end
  )::timestamptz end,
  case when new.outcome = 'merged' then coalesce((
      select max(at) from deskbook_logentry where ticket_id = new.id and kind = 'Merged'
    ), new.last_activity_at)
    else new.closed_at end,
  new.outcome, new.waits_for, new.team, new.severity, new.category, new.kind, new.place, new.channel,
  coalesce(new.state #>> '{facets,plan}', ''), new.owner_id, coalesce(new.state -> 'facets', '{}'),
  array(
    select substr(mark, 7) from jsonb_array_elements_text(new.state -> 'passed') mark
    where mark like 'limit %' order by 1
  ),
  coalesce((
    select jsonb_agg(jsonb_build_array(visit ->> 'team', extract(epoch from
      coalesce((visit ->> 'left_at')::timestamptz, new.closed_at) - (visit ->> 'arrived_at')::timestamptz
    )) order by number)
    from jsonb_array_elements(new.state -> 'visits') with ordinality visits (visit, number)
  ), '[]')
"""
KEEP = f"""
create function deskbook_keep_course() returns trigger language plpgsql as $$
begin
  insert into deskbook_course ({COLUMNS})
  values ({OF_A_ROW})
  on conflict (ticket_id) do update set
    (desk_id, opened_at, answered_at, solved_at, ended_at, outcome, waits_for, team, severity, category, kind,
     place, channel, plan, owner_id, facets, missed, visits)
    = (excluded.desk_id, excluded.opened_at, excluded.answered_at, excluded.solved_at, excluded.ended_at,
       excluded.outcome, excluded.waits_for, excluded.team, excluded.severity, excluded.category, excluded.kind,
       excluded.place, excluded.channel, excluded.plan, excluded.owner_id, excluded.facets, excluded.missed,
       excluded.visits);
  return null;
end $$;
create trigger keep_course after insert or update on deskbook_ticket
  for each row execute function deskbook_keep_course();
insert into deskbook_course ({COLUMNS}) select {OF_A_ROW} from deskbook_ticket new;
"""
FORGET = "drop trigger keep_course on deskbook_ticket; drop function deskbook_keep_course();"


class Migration(migrations.Migration):
    """Keeps how each case went, narrow enough to count a year of them while somebody waits.

    Takes some forty seconds at a million cases.
    """

    dependencies = [
        ("deskbook", "0077_what_waits_to_leave"),
    ]

    operations = [
        migrations.CreateModel(
            name="Course",
            fields=[
                ("ticket", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="course", serialize=False, to="deskbook.ticket")),
                ("desk", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="deskbook.helpdesk")),
                ("opened_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("solved_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=10)),
                ("waits_for", models.CharField(max_length=16)),
                ("team", models.CharField(blank=True, max_length=64)),
                ("severity", models.CharField(blank=True, max_length=32)),
                ("category", models.CharField(blank=True, max_length=64)),
                ("kind", models.CharField(blank=True, max_length=64)),
                ("place", models.CharField(blank=True, max_length=64)),
                ("channel", models.CharField(max_length=64)),
                ("plan", models.CharField(blank=True, max_length=64)),
                ("owner_id", models.BigIntegerField(null=True)),
                ("facets", models.JSONField(default=dict)),
                ("missed", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=48), default=list, size=None)),
                ("visits", models.JSONField(default=list)),
            ],
            options={
                "indexes": [models.Index(fields=["desk", "opened_at"], name="courses_by_opening")],
            },
        ),
        migrations.RunSQL(KEEP, FORGET),
    ]
