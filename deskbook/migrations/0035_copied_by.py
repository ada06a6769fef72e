"""Whose mail let somebody follow: where that one came by a merge, they leave together."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0034_counted_by")]

    operations = [
        migrations.AddField(
            "participant",
            "copied_by",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="deskbook.contact"
            ),
        ),
    ]
