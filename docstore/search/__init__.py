"""Finding pages: the engine port, its engines, the query language, index and rebuild."""
