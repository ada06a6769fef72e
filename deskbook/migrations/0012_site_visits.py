import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deskbook", "0011_walk_in"),
    ]

    operations = [
        migrations.CreateModel(
            name="DatedVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("visit", models.CharField(max_length=16)),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
                (
                    "people",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "left_out",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("dated", "Dated"),
                            ("called off", "Called Off"),
                            ("carried out", "Carried Out"),
                            ("reported", "Reported"),
                        ],
                        default="dated",
                        max_length=12,
                    ),
                ),
                ("suits", models.BooleanField(null=True)),
                ("expected", models.PositiveIntegerField(null=True)),
                ("attended", models.PositiveIntegerField(null=True)),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("changed_at", models.DateTimeField()),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="deskbook.helpdesk"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dated_visits",
                        to="deskbook.ticket",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["desk", "until_at"], name="visits_by_end")],
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "visit"), name="one_row_per_visit"),
                    models.CheckConstraint(
                        condition=models.Q(("until_at__gt", models.F("from_at"))), name="visit_has_a_length"
                    ),
                ],
            },
        ),
    ]
