"""The reference pages that are written from the code, so that they cannot differ from it. One module per page."""
