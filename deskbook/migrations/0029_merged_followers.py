from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0028_what_became_of_each")]

    operations = [migrations.AddField("participant", "since", models.DateTimeField(null=True))]
