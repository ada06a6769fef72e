from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("deskbook", "0011_walk_in"),
    ]

    operations = []
