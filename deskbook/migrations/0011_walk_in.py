import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

REFUSE = """
create function deskbook_token_steps_are_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the steps of a token are append-only: % refused', tg_op;
end $$;
create trigger token_steps_are_append_only before update or delete on deskbook_tokenstep
  for each statement execute function deskbook_token_steps_are_append_only();
"""
ALLOW = (
    "drop trigger token_steps_are_append_only on deskbook_tokenstep; "
    "drop function deskbook_token_steps_are_append_only();"
)


class Migration(migrations.Migration):
    dependencies = [
        ("deskbook", "0010_chat"),
    ]

    operations = [
        migrations.CreateModel(
            name="SiteDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="deskbook.helpdesk"
                    ),
                ),
                ("site", models.CharField(max_length=64)),
                ("on", models.DateField()),
                ("numbers", models.JSONField(default=dict)),
                ("last_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("desk", "site", "on"), name="one_day_per_site")],
            },
        ),
        migrations.CreateModel(
            name="Kiosk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="deskbook.helpdesk"
                    ),
                ),
                ("site", models.CharField(max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[("kiosk", "Kiosk"), ("display", "Display")], default="kiosk", max_length=8
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=80)),
                ("prints", models.BooleanField(default=False)),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="deskbook.agent"
                    ),
                ),
                ("pairing_hash", models.CharField(blank=True, max_length=64)),
                ("pairing_until_at", models.DateTimeField(null=True)),
                ("token_hash", models.CharField(blank=True, max_length=64)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("last_contact_at", models.DateTimeField(null=True)),
                ("ahead", models.DurationField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("desk", "site", "number"), name="one_kiosk_per_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="CounterSeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "day",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seats", to="deskbook.siteday"
                    ),
                ),
                ("counter", models.CharField(max_length=80)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="deskbook.agent"
                    ),
                ),
                (
                    "services",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), size=None),
                ),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until_at", None)), fields=("day", "counter"), name="one_agent_per_counter"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "day",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tokens", to="deskbook.siteday"
                    ),
                ),
                ("service", models.CharField(max_length=64)),
                ("code", models.CharField(max_length=16)),
                ("key", models.CharField(max_length=64, unique=True)),
                ("taken_at", models.DateTimeField()),
                ("known_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("called", "Called"),
                            ("aside", "Aside"),
                            ("served", "Served"),
                            ("given back", "Given Back"),
                            ("moved", "Moved"),
                            ("unserved", "Unserved"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("counter", models.CharField(blank=True, max_length=80)),
                ("only_counter", models.CharField(blank=True, max_length=80)),
                ("calls", models.PositiveSmallIntegerField(default=0)),
                ("called_at", models.DateTimeField(null=True)),
                ("last_called_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("language", models.CharField(default="en", max_length=8)),
                (
                    "kiosk",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="deskbook.kiosk"
                    ),
                ),
                ("kiosk_seq", models.PositiveIntegerField(null=True)),
                ("device", models.CharField(blank=True, max_length=64)),
                ("phone", models.CharField(blank=True, max_length=32)),
                ("pen", models.CharField(blank=True, max_length=32)),
                (
                    "contact",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="deskbook.contact"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="deskbook.ticket"
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="deskbook.token"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["day", "taken_at", "id"],
                        name="tokens_waiting",
                    ),
                    models.Index(fields=["day", "-last_called_at"], name="tokens_by_call"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("day", "code"), name="one_token_per_code"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "called")),
                        fields=("day", "counter"),
                        name="one_visitor_per_counter",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TokenStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "token",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="deskbook.token"
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                ("at", models.DateTimeField()),
                ("counter", models.CharField(blank=True, max_length=80)),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="deskbook.agent"
                    ),
                ),
                ("data", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="Tries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=120, unique=True)),
                ("since_at", models.DateTimeField()),
                ("count", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
