import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deskbook', '0008_contacts_merged'),
    ]

    operations = [
        migrations.AddField(
            model_name='agent',
            name='extension',
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.AddField(
            model_name='message',
            name='unofficial',
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('unofficial', True)), fields=['ticket'], name='messages_unofficial'),
        ),
        migrations.CreateModel(
            name='CallBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('desk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='deskbook.helpdesk')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='call_backs', to='deskbook.ticket')),
                ('promise', models.CharField(max_length=16)),
                ('number', models.CharField(blank=True, max_length=32)),
                ('from_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('done', 'Done'), ('no answer', 'No Answer'), ('withdrawn', 'Withdrawn')], max_length=12)),
            ],
        ),
        migrations.AddIndex(
            model_name='callback',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['desk', 'due_at', 'id'], name='call_backs_by_due'),
        ),
        migrations.AddConstraint(
            model_name='callback',
            constraint=models.UniqueConstraint(fields=('ticket', 'promise'), name='one_call_back_per_promise'),
        ),
        migrations.CreateModel(
            name='CallSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('desk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='call_sources', to='deskbook.helpdesk')),
                ('name', models.CharField(max_length=60)),
                ('preset', models.CharField(choices=[('standard', 'CloudEvents'), ('twilio', 'Twilio'), ('exotel', 'Exotel')], default='standard', max_length=8)),
                ('secret', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='deskbook.agent')),
                ('ended_at', models.DateTimeField(null=True)),
                ('heard_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddIndex(
            model_name='callsource',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['desk'], name='call_sources_in_use'),
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('desk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='deskbook.helpdesk')),
                ('provider', models.CharField(max_length=60)),
                ('call_id', models.CharField(max_length=200)),
                ('direction', models.CharField(default='inbound', max_length=8)),
                ('number', models.CharField(blank=True, max_length=64)),
                ('extension', models.CharField(blank=True, max_length=64)),
                ('agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='deskbook.agent')),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='calls', to='deskbook.contact')),
                ('state', models.CharField(choices=[('ringing', 'Ringing'), ('answered', 'Answered'), ('ended', 'Ended'), ('missed', 'Missed')], default='ringing', max_length=8)),
                ('started_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('recording_url', models.URLField(blank=True, max_length=500)),
                ('opens_at', models.DateTimeField(null=True)),
                ('ticket', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='calls', to='deskbook.ticket')),
                ('settled_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(condition=models.Q(('settled_at', None), ('state', 'missed')), fields=['desk', '-started_at', '-id'], name='calls_missed'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(condition=models.Q(('agent__isnull', False), ('settled_at', None)), fields=['agent', '-started_at'], name='calls_of_agent'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(fields=['desk', 'number', '-started_at'], name='calls_by_number'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.UniqueConstraint(fields=('desk', 'provider', 'call_id'), name='one_row_per_call'),
        ),
        migrations.CreateModel(
            name='CallEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='deskbook.call')),
                ('type', models.CharField(max_length=10)),
                ('told', models.JSONField()),
                ('received_at', models.DateTimeField()),
            ],
        ),
        migrations.AddConstraint(
            model_name='callevent',
            constraint=models.UniqueConstraint(fields=('call', 'type'), name='told_once_of_a_call'),
        ),
        migrations.RunSQL(
            sql="""
                create index contact_names on deskbook_contact (desk_id, lower(name) text_pattern_ops);
                create index contact_words on deskbook_contact using gin (
                    (to_tsvector('simple', name) || jsonb_to_tsvector('simple', attributes, '["string", "numeric"]'))
                );
            """,
            reverse_sql='drop index contact_words; drop index contact_names',
        ),
    ]
