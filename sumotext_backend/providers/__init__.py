"""Providers: one folder or module per company. What a text costs there, and how it is sent."""
