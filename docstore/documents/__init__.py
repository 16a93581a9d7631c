"""Documents, their versions, pages and placement on cases; the vault that keeps the bytes; delivery that reads them out."""
