"""A shop that texts its customers."""
