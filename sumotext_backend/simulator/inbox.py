"""The inbox's page: files that a browser gets as they are, and a login where a token is wanted."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

import attrs
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from sumotext_backend.simulator.guard import COOKIE, Guard
from sumotext_backend.simulator.wire import read_body

FOLDER: Final = Path(__file__).parent / "page"

OPEN: Final = ("/", "/page/base.css")
"""What is answered without the token: the page that asks for it."""

_KINDS: Final = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


def routes(guard: Guard) -> list[Route]:
    """The page, for those whom ``guard`` knows."""
    page = _Page(guard)
    return [
        Route("/", page.show, methods=["GET"]),
        Route("/", page.log_in, methods=["POST"]),
        Route("/page/{name}", page.file, methods=["GET"]),
    ]


@attrs.frozen
class _Page:
    """The inbox behind its guard."""

    guard: Guard

    async def show(self, request: Request) -> Response:
        """Show the inbox, or ask for the token."""
        known = self.guard.knows(request.headers)
        return _serve("index.html") if known else _serve("login.html", 401)

    async def log_in(self, request: Request) -> Response:
        """Keep the token in a cookie, if it is the right one."""
        form = parse_qs((await read_body(request)).decode("utf-8", "replace"))
        token = form.get("token", [""])[0]
        if not self.guard.knows({"authorization": f"Bearer {token}"}):
            return _serve("login.html", 401)
        # With an end of its own, or the browser would go on with that of the form: wrong.
        answer = RedirectResponse("/#", 303)
        answer.set_cookie(COOKIE, token, httponly=True, samesite="strict")
        return answer

    async def file(self, request: Request) -> Response:
        """One file of the page."""
        name = request.path_params["name"]
        known = name in (path.name for path in FOLDER.iterdir())
        return _serve(name) if known else PlainTextResponse("no such file\n", 404)


def _serve(name: str, status: int = 200) -> Response:
    path = FOLDER / name
    kind = f"{_KINDS[path.suffix]}; charset=utf-8"
    return Response(path.read_bytes(), status, media_type=kind)
