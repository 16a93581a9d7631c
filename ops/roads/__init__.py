"""One module per service: the roads by which a plain machine can have it, in the order of preference."""
