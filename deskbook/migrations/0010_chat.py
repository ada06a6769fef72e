from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("deskbook", "0009_phone"),
    ]

    operations = []
