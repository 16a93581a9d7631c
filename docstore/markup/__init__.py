"""What readers lay over pages: how they turned them. Notes and redactions come with their own issue."""
