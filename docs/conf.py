"""Sphinx configuration: `tox run -e docs`."""

from importlib.metadata import version as installed

project = "sumotext-backend"
author = "the sumotext-backend contributors"
copyright = author  # noqa: A001 - Sphinx names it so
release = version = installed("sumotext-backend")

extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_build", "examples", "tutorial/acme-sms"]

html_theme = "furo"
html_title = f"sumotext-backend {release}"
html_static_path = ["_static"]
html_css_files = ["narrow.css"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_format = "short"
# Names of the standard library, of attrs, pluggy and pytest have no page here, and no inventory is
# fetched: the documentation builds without a network.
nitpick_ignore_regex = [
    (r"py:.*", r"(abc|attrs?|collections|datetime|os|pathlib|pluggy|pytest|ssl|typing)\..*"),
    (r"py:.*", r"(Any|Callable|ClassVar|Iterable|Iterator|Literal|Mapping|Path|Protocol|Self)"),
    (r"py:.*", r"(Sequence|StrEnum|TracebackType|bool|bytes|dict|float|int|list|object|str|tuple)"),
    (r"py:.*", r"(Exception|KeyError|LookupError|None|OSError|RuntimeError|TypeError|ValueError)"),
]
