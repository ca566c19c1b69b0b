"""The SUMOTEXT provider: its legacy HTTP API."""

from sumotext_backend.sumotext.backend import SumotextBackend

__all__ = ["SumotextBackend"]
