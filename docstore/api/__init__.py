"""JSON for machines: shapes and routes; every write is one call to a room."""
