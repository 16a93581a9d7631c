"""Views, one module per room. Each makes one call and fills one template."""
