"""What tests and the page ask over HTTP, below ``/api``; `openapi.json` describes it."""

from sumotext_backend.simulator.api.routes import routes

__all__ = ["routes"]
