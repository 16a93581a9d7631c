"""The composition root: chooses, never decides."""
