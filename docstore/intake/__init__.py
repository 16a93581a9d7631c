"""The door by which bytes come in, from people and from scanning stations."""
