"""The API reference: every name in the ``__all__`` of a package, by autodoc.

``.. public-names:: sumotext_backend.routing`` lists them, each with its first sentence, and then
describes them. One that another page describes is a link there, and one that a package before
this one has too is a line that leads to it. Which packages are public is said by the table of
reference/versions.md, and by nothing else; ``.. public-packages::`` is that table, with links.
"""

from __future__ import annotations

import enum
import importlib
import inspect
import os
import re
import sys
import types
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.docutils import SphinxDirective

OURS: Final = "sumotext_backend"
DOCS: Final = Path(__file__).parent.parent
_PACKAGE: Final = re.compile(r"^\| `(sumotext_backend[\w.]*)` \| (.+) \|$", re.MULTILINE)
_DESCRIBED: Final = re.compile(r"^\.\. auto\w+:: (sumotext_backend[\w.]+)$", re.MULTILINE)


def read_packages() -> dict[str, str]:
    """The public packages and what each is for, in the order of the page about versions."""
    return dict(_PACKAGE.findall((DOCS / "reference/versions.md").read_text("utf-8")))


def list_names(package: str) -> list[str]:
    """The public names of a package, each with the package before it."""
    return [f"{package}.{name}" for name in importlib.import_module(package).__all__]


def find(name: str) -> Any:
    """The object that a dotted public name stands for."""
    package, _, last = name.rpartition(".")
    return getattr(importlib.import_module(package), last)


@cache
def read_described() -> frozenset[str]:
    """The names that pages describe by themselves."""
    pages = [page for page in DOCS.rglob("*.md") if "_build" not in page.parts]
    found = (_DESCRIBED.findall(page.read_text("utf-8")) for page in pages)
    return frozenset(name for names in found for name in names)


@cache
def choose_homes() -> Mapping[int, str]:
    """The one name under which each object is described, by the object's id.

    That is the one which a page describes, else that of the first package which has it.
    """
    names = [name for package in read_packages() for name in list_names(package)]
    names.sort(key=lambda name: name not in read_described())
    homes: dict[int, str] = {}
    for name in names:
        homes.setdefault(id(find(name)), name)
    return homes


def write_table(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Two columns, line by line."""
    yield from (".. list-table::", "   :class: names", "   :widths: auto", "")
    for name, words in rows:
        yield from (f"   * - {name}", f"     - {words}")
    yield ""


def summarize(name: str) -> tuple[str, str]:
    """A link to where ``name`` is described, and the first sentence about it."""
    first, *_ = read_words(name)
    return f":py:obj:`~{choose_homes()[id(find(name))]}`", first


def read_words(name: str) -> list[str]:
    """What is said of ``name`` where it is made, line by line; at least one, if an empty one."""
    value = find(name)
    if not is_data(value):
        return (inspect.getdoc(value) or "").split("\n")
    # Of a value its type's own words say nothing: those below it are meant.
    last = name.rpartition(".")[2]
    for module in [*sys.modules.values()]:
        if module.__name__.startswith(OURS) and vars(module).get(last) is value:
            told = ModuleAnalyzer.for_module(module.__name__).find_attr_docs()
            if words := told.get(("", last)):
                return words
    return [""]


def is_data(value: object) -> bool:
    """Whether it is neither a module nor a class nor a function."""
    return name_kind(value) == "data"


def write_entry(name: str) -> Iterator[str]:
    """The directive that describes ``name``, line by line; none where another page does."""
    value = find(name)
    home = choose_homes()[id(value)]
    if home != name:
        yield from (f".. py:{name_kind(value)}:: {name}", "", f"   The same as :py:obj:`{home}`.")
    elif name in read_described():
        return
    elif isinstance(value, types.ModuleType):
        yield from (f".. automodule:: {name}", "   :members:")
    elif is_data(value):
        yield from (f".. py:data:: {name}", "", *(f"   {line}" for line in read_words(name)))
    else:
        yield f".. auto{name_kind(value)}:: {name}"
        yield from write_options(value)
    yield ""


def name_kind(value: object) -> str:
    """What Sphinx calls such an object."""
    if isinstance(value, types.ModuleType):
        return "module"
    if isinstance(value, type):
        return "exception" if issubclass(value, BaseException) else "class"
    return "function" if inspect.isroutine(value) else "data"


def write_options(value: object) -> Iterator[str]:
    """What autodoc is to show of it; an enumeration's members explain themselves."""
    if isinstance(value, type):
        yield "   :members:"
        if value.__bases__ != (object,):
            yield "   :show-inheritance:"
        if issubclass(value, enum.Enum):
            yield "   :undoc-members:"


class PublicNames(SphinxDirective):
    """``.. public-names:: PACKAGE``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Describe all names of the package."""
        self.env.note_reread()  # what other pages describe may have changed
        names = list_names(self.arguments[0])
        lines = [*write_table(map(summarize, names))]
        lines += [line for name in names for line in write_entry(name)]
        section = nodes.Element()
        self.state.nested_parse(StringList(lines, "public-names"), 0, section)
        return section.children


class PublicPackages(SphinxDirective):
    """``.. public-packages::``."""

    def run(self) -> list[nodes.Node]:
        """Lead to the page of each."""
        packages = read_packages().items()
        lines = write_table((f":doc:`{name}`", f"for {words}") for name, words in packages)
        section = nodes.Element()
        self.state.nested_parse(StringList([*lines], "public-packages"), 0, section)
        return section.children


def lead_home(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, shown: nodes.TextElement
) -> nodes.Node | None:
    """A reference to the module where a thing is made leads to where it is described.

    One to a thing that is there but not public stays words; to what is not there, it is dead.
    """
    target = node.get("reftarget", "")
    if node.get("refdomain") != "py" or not target.startswith("sumotext_"):
        return None
    try:
        value = find(target)
    except (AttributeError, ImportError):
        return None
    home = choose_homes().get(id(value))
    if home is None:
        return shown
    domain = env.domains["py"]
    return domain.resolve_xref(env, node["refdoc"], app.builder, "obj", home, node, shown)


def hide_environment(*event: Any) -> tuple[str, str] | None:
    """Write the default ``os.environ`` as the source does, and not with all that it holds."""
    *_, signature, returned = event
    held = repr(os.environ)
    if signature and held in signature:
        return signature.replace(held, "os.environ"), returned
    return None


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx of all this."""
    app.add_directive("public-names", PublicNames)
    app.add_directive("public-packages", PublicPackages)
    app.connect("missing-reference", lead_home)
    app.connect("autodoc-process-signature", hide_environment)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
