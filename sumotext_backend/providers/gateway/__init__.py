"""Any other HTTP API, by configuration alone."""

from sumotext_backend.providers.gateway.backend import GatewayBackend

__all__ = ["GatewayBackend"]
