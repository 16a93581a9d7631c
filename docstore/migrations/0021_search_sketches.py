"""A few numbers made from each document's words, by which papers that say nearly the same are told."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("docstore", "0020_agent_webhooks")]

    operations: ClassVar = [
        migrations.AddField(model_name="indexstate", name="sketch", field=models.BinaryField(null=True)),
    ]
