"""The pages: what they say and what they are built from."""
