import django.db.models.deletion
from django.db import migrations, models

COLUMNS = """ticket_id, desk_id, opened_at, answered_at, solved_at, ended_at, outcome, waits_for, team,
  severity, category, kind, place, channel, plan, owner_id, facets, missed, visits, imported"""
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
  ), '[]'),
  new.state ->> 'imported_at' is not null
"""
KEEP = f"""
create or replace function deskbook_keep_course() returns trigger language plpgsql as $$
begin
  insert into deskbook_course ({COLUMNS})
  values ({OF_A_ROW})
  on conflict (ticket_id) do update set
    (desk_id, opened_at, answered_at, solved_at, ended_at, outcome, waits_for, team, severity, category, kind,
     place, channel, plan, owner_id, facets, missed, visits, imported)
    = (excluded.desk_id, excluded.opened_at, excluded.answered_at, excluded.solved_at, excluded.ended_at,
       excluded.outcome, excluded.waits_for, excluded.team, excluded.severity, excluded.category, excluded.kind,
       excluded.place, excluded.channel, excluded.plan, excluded.owner_id, excluded.facets, excluded.missed,
       excluded.visits, excluded.imported);
  return null;
end $$;
"""


class Migration(migrations.Migration):
    """Keeps what came from other systems, and marks it where reports count.

    The column is added without rewriting the table; no row of before came from elsewhere.
    """

    dependencies = [("deskbook", "0081_ready_answers")]

    operations = [
        migrations.AddField("course", "imported", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="Move",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=16)),
                ("name", models.CharField(max_length=200)),
                ("data", models.BinaryField(default=b"")),
                ("state", models.CharField(choices=[("reading", "Reading"), ("read", "Read"), ("writing", "Writing"), ("done", "Done"), ("failed", "Failed")], default="reading", max_length=8)),
                ("problem", models.TextField(blank=True)),
                ("words", models.JSONField(default=dict)),
                ("met", models.JSONField(default=list)),
                ("found", models.JSONField(default=dict)),
                ("first_at", models.DateTimeField(null=True)),
                ("last_at", models.DateTimeField(null=True)),
                ("came", models.PositiveIntegerField(default=0)),
                ("came_before", models.PositiveIntegerField(default=0)),
                ("messages", models.PositiveIntegerField(default=0)),
                ("files", models.PositiveIntegerField(default=0)),
                ("begun_at", models.DateTimeField()),
                ("writing_since_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="deskbook.agent")),
                ("desk", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="deskbook.helpdesk")),
            ],
            options={"indexes": [models.Index(fields=["desk", "-begun_at"], name="moves_of_desk")]},
        ),
        migrations.CreateModel(
            name="NotMoved",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=400)),
                ("why", models.TextField()),
                ("what", models.TextField(blank=True)),
                ("move", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="left_out", to="deskbook.move")),
            ],
        ),
        migrations.CreateModel(
            name="CameFrom",
            fields=[
                ("ticket", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="came_from", serialize=False, to="deskbook.ticket")),
                ("source", models.CharField(max_length=16)),
                ("number", models.CharField(max_length=100)),
                ("desk", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="deskbook.helpdesk")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("desk", "source", "number"), name="comes_once")]},
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
    ]
