"""Lists what the names of this house say badly: ``python tests/house/names.py``.

* functions that are named by a past participle, as if they were values;
* modules of a public package that offer no public name;
* names that ``contrib`` imports from elsewhere than the public packages.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
CORE: Final = ROOT / "sumotext_backend"
CONTRIB: Final = ROOT / "contrib"

IRREGULAR: Final = frozenset(
    {
        *("begun", "bound", "built", "drawn", "found", "given", "gone", "held", "kept", "known"),
        *("left", "lost", "made", "met", "seen", "sent", "shown", "taken", "told", "thrown"),
        *("understood", "written"),
    }
)
VERBS_TOO: Final = frozenset({"embed", "feed", "heed", "need", "proceed", "seed"})
"""Words that end or look like a participle and are a verb's plain form as well."""


def is_participle(name: str) -> bool:
    """Whether the first word of a function's name is a past participle."""
    word = name.strip("_").partition("_")[0]
    return word in IRREGULAR or (word.endswith("ed") and word not in VERBS_TOO)


def list_functions(folder: Path) -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function and method below ``folder``, but for properties, which are values."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not _is_property(node):
                yield path, node


def _is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    names = [getattr(each, "attr", getattr(each, "id", "")) for each in node.decorator_list]
    return any(name in ("property", "cached_property", "default", "fixture") for name in names)


def list_participles() -> tuple[list[str], int]:
    """Functions named by a participle as ``file:line name``, and how many functions there are."""
    functions = [*list_functions(CORE), *list_functions(CONTRIB)]
    bad = [(path, node) for path, node in functions if is_participle(node.name)]
    return [f"{_place(path)}:{node.lineno} {node.name}" for path, node in bad], len(functions)


def list_nameless() -> list[str]:
    """Modules below the core without any public definition; packages' faces are none."""
    return [_place(path) for path in sorted(CORE.rglob("*.py")) if not _offers(path)]


def _offers(path: Path) -> bool:
    if path.name in ("__init__.py", "__main__.py"):
        return True
    names: list[str] = []
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign):
            names += [target.id for target in node.targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.append(node.target.id)
    return any(not name.startswith("_") for name in names)


PUBLIC: Final = tuple(
    f"sumotext_backend{name}"
    for name in (
        "",
        ".config",
        ".inbound",
        ".ledger",
        ".local",
        ".plugins",
        ".providers",
        ".providers.sumotext",
        ".render",
        ".routing",
        ".simulator",
        ".testing",
    )
)
"""The packages whose ``__all__`` is public."""


def list_private_imports() -> list[str]:
    """Names that ``contrib`` imports and that are not in the ``__all__`` of a public package."""
    return [
        f"{_place(path)}:{node.lineno} {node.module}.{alias.name}"
        for path in sorted(CONTRIB.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sumotext_backend")
        for alias in node.names
        if not _is_public(node.module or "", alias.name)
    ]


def _is_public(module: str, name: str) -> bool:
    return module in PUBLIC and name in read_all(module)


def read_all(module: str) -> frozenset[str]:
    """The ``__all__`` of a package, read without importing it."""
    path = ROOT.joinpath(*module.split("."), "__init__.py")
    if not path.exists():
        return frozenset()
    for node in ast.parse(path.read_text("utf-8")).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(isinstance(each, ast.Name) and each.id == "__all__" for each in targets):
            return frozenset(ast.literal_eval(node.value))  # type: ignore[attr-defined]
    return frozenset()


def _place(path: Path) -> str:
    return str(path.relative_to(ROOT))


def main() -> int:
    """Print all three lists; 1 where a list is longer than it may be."""
    participles, functions = list_participles()
    private, nameless = list_private_imports(), list_nameless()
    share = len(participles) / functions
    for title, lines in (
        (f"functions named by a participle: {share:.1%} of {functions}", participles),
        ("modules without a public name", nameless),
        ("names that contrib imports though they are not public", private),
    ):
        print(f"{title}: {len(lines)}", *lines, sep="\n  ")
    return int(share >= 0.03 or bool(private) or bool(nameless))


if __name__ == "__main__":
    sys.exit(main())
