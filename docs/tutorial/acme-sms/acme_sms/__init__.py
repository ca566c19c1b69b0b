"""Acme Texts for sumotext-backend: a backend, and a plugin that keeps the night quiet."""
