from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0002_append_only_log")]

    operations = [
        migrations.CreateModel(
            name="DemoMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recipient", models.EmailField(max_length=320)),
                ("subject", models.CharField(max_length=998)),
                ("raw", models.BinaryField()),
                ("kept_at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
