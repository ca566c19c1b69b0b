"""A ``sumotext://`` URL taken apart and put together again; pure functions.

Two forms: ``sumotext://SHORTCODE/KEYWORD/TO1/TO2?carrier=ATTUS`` is an account at SUMOTEXT, and
``sumotext://@ALIAS/TO1/TO2`` a provider of the configuration, such as a chain. Every part may
stand in the query by its name instead: ``sumotext://?provider=ALIAS&to=TO1,TO2``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, unquote, urlencode

from sumotext_backend.providers import did_you_mean, quote_name

SCHEME: Final = "sumotext"
WHERE: Final = "sumotext:// URL"
_HIDDEN: Final = "*"  # what stands for something private reads better as it is
_PLAIN: Final = "+"  # what E.164 begins with may stand in a path as it is


def read(
    url: str, base: Mapping[str, Any], own: Collection[str], host: Collection[str]
) -> dict[str, Any]:
    """``url`` as arguments of the plugin, which replace those of ``base``, Apprise's own reading.

    ``own`` are the names that the query may use, ``host`` those that Apprise itself takes there.
    What has no place is told in ``faults``, a list of lines that show no value.
    """
    faults: list[str] = []
    found = {name: [value] for name, value in _path(url, base).items()}
    targets = found.pop("targets", [[]])[0]
    for name, value in pairs(url):
        if name == "to":
            targets = [*targets, value]
        elif name in own:
            found.setdefault(name, []).append(value)
        elif name not in host:
            faults.append(unknown(name, {*own, *host}))
    faults += [_twice(name) for name, values in found.items() if values[1:]]
    arguments = {name: values[0] for name, values in found.items()}
    return {**arguments, "targets": targets, "faults": faults}


def unknown(name: str, names: Iterable[str]) -> str:
    """The line on an option that nothing knows."""
    return f"{WHERE}: unknown option {quote_name(name)}{did_you_mean(name, names)}"


def explain_misplaced(name: str, provider: str) -> str:
    """The line on an option that a configured provider has for itself."""
    return f"{WHERE}: {name!r} does not go with '@{provider}'; set it in the configuration"


def _twice(name: str) -> str:
    return f"{WHERE}: option {name!r} is given twice"


def pairs(url: str) -> Iterator[tuple[str, str]]:
    """The query of ``url`` by Apprise's rules: ``&`` or ``;`` between, ``+`` is not a space.

    Apprise's own reading keeps one of two equal names, and would so lose a recipient.
    """
    for part in url.partition("?")[2].replace(";", "&").split("&"):
        name, _, value = part.partition("=")
        if part:
            yield unquote(name).strip().lower(), unquote(value).strip()


def _path(url: str, base: Mapping[str, Any]) -> dict[str, Any]:
    """Host and path of a URL as arguments; a part that is not there is left out.

    The path is read from the URL: some versions of Apprise split it at ``%2F`` too.
    """
    host = unquote(base.get("host") or "")
    path = url.partition("?")[0].partition("://")[2]
    words = [unquote(word.strip()) for word in path.split("/") if word.strip()][1:]
    if base.get("user") == "" and not base.get("password"):
        return {"user": None, "password": None, "provider": host, "targets": words}
    parts: dict[str, Any] = {"shortcode": host, "keyword": words[0] if words else ""}
    return {name: part for name, part in parts.items() if part} | {"targets": words[1:]}


def write(
    options: Mapping[str, str], provider: str | None, targets: Iterable[str], query: Any
) -> str:
    """The URL that `read` reads back to the same; ``query`` holds Apprise's own arguments.

    Targets and values come as they shall be shown.
    """
    rest = {name: value for name, value in options.items() if name not in ("shortcode", "keyword")}
    head = [f"@{quote(provider, safe='')}"] if provider is not None else _account(options)
    path = "/".join([*head, *(quote(target, safe=_PLAIN) for target in targets)])
    return f"{SCHEME}://{path}/?{urlencode({**query, **rest}, safe=_HIDDEN, quote_via=quote)}"


def _account(options: Mapping[str, str]) -> list[str]:
    return [quote(options[name], safe=_HIDDEN) for name in ("shortcode", "keyword")]
