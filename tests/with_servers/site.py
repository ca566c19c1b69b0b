"""What the servers serve: a receiver at ``/hooks``, by itself and in four frameworks.

Its ledger is the file that ``$TOLD`` names with ``.sqlite3`` behind it; its hook writes each event
to ``$TOLD``, as a line.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

import attrs

from sumotext_backend.inbound import HideCallbacks, make_asgi_app, make_wsgi_app
from sumotext_backend.ledger import Ledger, SqliteDatabase
from sumotext_backend.providers import Event
from tests.inbound.cases import SECRET, Heard, make_receiver

TOLD = os.environ["TOLD"]
ODD = "\u00fcber"
"""An alias of more than ASCII."""

logging.getLogger("gunicorn.access").addFilter(HideCallbacks())


def tell(event: Event, *, again: bool) -> list[str]:
    """Write ``event`` down."""
    with Path(TOLD).open("a") as file:
        file.write(f"{type(event).__name__} {again}\n")
    return []


LEDGER = Ledger(SqliteDatabase(Path(TOLD + ".sqlite3")))
TABLE: dict[str, Any] = {"public_url": os.environ["PUBLIC_URL"] or None}
if os.environ.get("ALLOW"):
    TABLE |= {"allow": (os.environ["ALLOW"],), "trusted_proxies": ("127.0.0.1",)}
_plain = make_receiver(LEDGER, Heard(), **TABLE)
receiver = attrs.evolve(
    _plain, tell=tell, backends={**_plain.backends, ODD: _plain.backends["main"]}
)


def under(app: Any) -> Any:
    """``app`` below ``/hooks``, as PEP 3333 says it: the simplest dispatcher that there is."""

    def dispatch(environ: dict[str, Any], start: Any) -> Any:
        path = environ["PATH_INFO"]
        rest = path.removeprefix("/hooks/")
        if rest == path:
            start("404 Not Found", [("Content-Length", "0")])
            return []
        return app({**environ, "SCRIPT_NAME": "/hooks", "PATH_INFO": f"/{rest}"}, start)

    return dispatch


def make_plain_wsgi() -> Any:
    """The receiver alone."""
    return under(make_wsgi_app(receiver))


def make_flask() -> Any:
    """The receiver beside an application of Flask's."""
    from flask import Flask
    from werkzeug.middleware.dispatcher import DispatcherMiddleware

    app = Flask("site")
    app.add_url_rule("/", view_func=lambda: "the site")
    return DispatcherMiddleware(app.wsgi_app, {"/hooks": make_wsgi_app(receiver)})


def make_django() -> Any:
    """The receiver's views in a project of Django's."""
    import django
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.urls import include, path

    twilio, kannel = (
        {"BACKEND": name, "OPTIONS": attrs.asdict(_plain.backends[alias], filter=_is_given)}
        for alias, name in (("main", "twilio"), ("plain", "kannel"))
    )
    settings.configure(
        ALLOWED_HOSTS=["*"],
        INSTALLED_APPS=["sumotext_django"],
        ROOT_URLCONF=type("urls", (), {"urlpatterns": []}),
        SECRET_KEY="of no worth",
        SMS_PROVIDERS={"main": twilio, ODD: twilio, "plain": kannel},
        SMS_LEDGER=LEDGER,
        SMS_INBOUND={"secrets": [SECRET], **TABLE},
    )
    django.setup()
    settings.ROOT_URLCONF.urlpatterns += [path("hooks/", include("sumotext_django.urls"))]
    from sumotext_django.signals import inbound, provider_event

    inbound.connect(_hear, weak=False)
    provider_event.connect(_hear, weak=False)
    return WSGIHandler()


def _is_given(field: Any, value: object) -> bool:
    return field.init and value != field.default and not isinstance(field.default, attrs.Factory)


def _hear(again: bool, **given: Any) -> None:
    tell(given.get("inbound") or given["event"], again=again)


def make_starlette() -> Any:
    """The receiver beside an application of Starlette's."""
    from starlette.applications import Starlette
    from starlette.routing import Mount

    return Starlette(routes=[Mount("/hooks", make_asgi_app(receiver))])


def make_fastapi() -> Any:
    """The receiver beside an application of FastAPI's."""
    from fastapi import FastAPI

    app = FastAPI()
    app.mount("/hooks", make_asgi_app(receiver))
    return app
