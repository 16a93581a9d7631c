"""What papers that say nearly the same are told by, how often a job ended in a fault that was told, what is unfinished."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("docstore", "0020_agent_webhooks")]

    operations: ClassVar = [
        migrations.AddField(model_name="indexstate", name="sketch", field=models.BinaryField(null=True)),
        migrations.AddField(
            model_name="job", name="faults", field=models.PositiveSmallIntegerField(db_default=0, default=0)
        ),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(
                fields=["filed_at"],
                name="version_unfinished",
                condition=models.Q(stage__in=["RECEIVED", "CLEAN"]),
            ),
        ),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(fields=["lacks"], name="version_lacking", condition=~models.Q(lacks="")),
        ),
    ]
