import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds answers that are kept under a name, of the desk and of each agent."""

    dependencies = [
        ("deskbook", "0080_what_was_erased"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReadyAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("texts", models.JSONField()),
                ("desk", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="deskbook.helpdesk")),
                ("owner", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="deskbook.agent")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(models.F("desk"), models.F("owner"), django.db.models.functions.text.Lower("name"), name="one_ready_answer_per_name", nulls_distinct=False),
                ],
            },
        ),
    ]
