"""Sphinx configuration: `tox run -e docs`."""

import os
import sys
from importlib.metadata import version as installed
from pathlib import Path

sys.path.append(str(Path(__file__).parent / "_ext"))

project = "sumotext-backend"
author = "the sumotext-backend contributors"
copyright = author  # noqa: A001 - Sphinx names it so
release = version = installed("sumotext-backend")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx_click",
    "sphinx_copybutton",
    "commands",
    "inline_pictures",
    "public_names",
    "stacked_tables",
]
exclude_patterns = ["_build", "examples", "tutorial/acme-sms"]

html_theme = "furo"
html_title = f"sumotext-backend {release}"
html_baseurl = os.environ.get("READTHEDOCS_CANONICAL_URL", "")
# The picture is a file too, for the README on a package index.
html_static_path = ["_static", "pictures/chain.svg"]
html_css_files = ["narrow.css"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

nitpicky = True
default_role = "code"  # of a docstring: `Message`
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
# What is imported for type checkers alone is a bare name to autodoc, and a few are re-exported.
suppress_warnings = ["ref.python"]
# Names of the standard library, of attrs, pluggy and pytest have no page here, and no inventory is
# fetched: the documentation builds without a network.
nitpick_ignore_regex = [
    (
        r"py:.*",
        r"(abc|attrs?|collections|datetime|enum|logging|os|pathlib|pluggy|_?pytest|ssl|typing)\..*",
    ),
    (r"py:.*", r"(Any|Callable|ClassVar|Iterable|Iterator|Literal|Mapping|Path|Protocol|Self)"),
    (r"py:.*", r"(Sequence|StrEnum|TracebackType|bool|bytes|dict|float|int|list|object|str|tuple)"),
    (r"py:.*", r"(Exception|KeyError|LookupError|None|OSError|RuntimeError|TypeError|ValueError)"),
    (r"py:.*", r"(PluginManager(\.register)?|_F|~?P)"),  # pluggy's, and type variables
    # Ours, which is not public, and no more than a word in a signature.
    (r"py:.*", r"(Connection|Database|Hasher|Listed|LookupMemory|Plan|Play|Schema|Setting|Step)"),
    (r"py:.*", r"(failover\.OnUnknown|vonage_callbacks\.Method)"),
]

# What is copied is what is typed: neither prompts nor what a command prints.
copybutton_prompt_text = r"\$ |>>> |\.\.\. "
copybutton_prompt_is_regexp = True
copybutton_line_continuation_character = "\\"
