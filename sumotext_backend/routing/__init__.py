"""Composites: backends made of backends. What they return is one `SendResult`, with its trail."""

from sumotext_backend.routing.circuit import Circuit, Rules
from sumotext_backend.routing.fallback import Fallback
from sumotext_backend.routing.health import Health
from sumotext_backend.routing.health_file import forget_failures, read_circuits
from sumotext_backend.routing.redirect import Redirect
from sumotext_backend.routing.retry import Retry
from sumotext_backend.routing.roundrobin import RoundRobin
from sumotext_backend.routing.route import Route
from sumotext_backend.routing.settings import HealthSettings, make_health
from sumotext_backend.routing.store import MemoryStore, SqliteStore
from sumotext_backend.routing.tree import children, leaves, replace, unwrap, walk

__all__ = [
    "Circuit",
    "Fallback",
    "Health",
    "HealthSettings",
    "MemoryStore",
    "Redirect",
    "Retry",
    "RoundRobin",
    "Route",
    "Rules",
    "SqliteStore",
    "children",
    "forget_failures",
    "leaves",
    "make_health",
    "read_circuits",
    "replace",
    "unwrap",
    "walk",
]
