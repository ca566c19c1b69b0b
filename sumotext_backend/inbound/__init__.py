"""What comes back: providers' callbacks, kept once and told to hooks.

A `Receiver` is what `sumotext_backend.config.open_receiver` makes of a configuration. It stands
behind WSGI, ASGI or Django, and hands on what it takes to plugins. A name is imported when it is
first asked for.
"""

from typing import TYPE_CHECKING, Final

from sumotext_backend.lazy import attach

if TYPE_CHECKING:
    from sumotext_backend.inbound.arrivals import Arrival, NotWholeError
    from sumotext_backend.inbound.asgi import make_asgi_app
    from sumotext_backend.inbound.getting import fetch
    from sumotext_backend.inbound.logs import HideCallbacks
    from sumotext_backend.inbound.receiver import Receiver
    from sumotext_backend.inbound.settings import InboundTable, make_path
    from sumotext_backend.inbound.wsgi import make_wsgi_app, read_body

__all__ = [
    "Arrival",
    "HideCallbacks",
    "InboundTable",
    "NotWholeError",
    "Receiver",
    "fetch",
    "make_asgi_app",
    "make_path",
    "make_wsgi_app",
    "read_body",
]

_HOMES: Final = {
    "Arrival": "sumotext_backend.inbound.arrivals",
    "HideCallbacks": "sumotext_backend.inbound.logs",
    "InboundTable": "sumotext_backend.inbound.settings",
    "NotWholeError": "sumotext_backend.inbound.arrivals",
    "Receiver": "sumotext_backend.inbound.receiver",
    "fetch": "sumotext_backend.inbound.getting",
    "make_asgi_app": "sumotext_backend.inbound.asgi",
    "make_path": "sumotext_backend.inbound.settings",
    "make_wsgi_app": "sumotext_backend.inbound.wsgi",
    "read_body": "sumotext_backend.inbound.wsgi",
}
if not TYPE_CHECKING:
    __getattr__ = attach(__name__, _HOMES)
