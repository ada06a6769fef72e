import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

_HAS_TAGS = models.Q(("tags", []), _negated=True)


class Migration(migrations.Migration):
    """Adds the words a desk puts on its cases."""

    dependencies = [
        ("deskbook", "0083_api_tokens"),
    ]

    operations = [
        migrations.AddField(
            model_name="ticket",
            name="tags",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(condition=_HAS_TAGS, fields=["desk", "-last_activity_at"], name="tagged_by_activity"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=django.contrib.postgres.indexes.GinIndex(condition=_HAS_TAGS, fields=["tags"], name="by_tag"),
        ),
    ]
