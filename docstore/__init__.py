"""Docstore: case documents for courts and tribunals. One Django app, divided into rooms; see docs/architecture.md."""
