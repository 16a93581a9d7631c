"""Pages for people: forms, views and templates; every write is one call to a room."""
