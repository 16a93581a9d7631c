"""Views of the API: parse, make one call, shape the answer."""
