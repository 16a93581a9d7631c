"""The one Django app."""

from importlib import import_module

from django.apps import AppConfig


class DocstoreConfig(AppConfig):
    """Docstore, with its own table names."""

    name = "docstore"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have Django know the start-up checks, and who looks at refused statements; they register themselves."""
        import_module("docstore.checks")
        import_module("docstore.retention.attempts")
