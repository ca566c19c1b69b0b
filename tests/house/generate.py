"""Writes what is made of the backends into the documentation: ``python tests/house/generate.py``.

That is the JSON Schema, and the tables of the feature matrix. Tests compare both.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "docs" / "reference" / "sumotext.schema.json"
MATRIX = ROOT / "docs" / "reference" / "feature-matrix.md"


def make_schema() -> dict[str, Any]:
    """The schema of the core's own backends."""
    from sumotext_backend.providers import list_backends
    from sumotext_backend.render.schema import make_schema as make

    found = entry_points(group="sumotext_backend.backends")
    ours = {each.name for each in found if each.value.startswith("sumotext_backend.")}
    return make(row for row in list_backends() if row.name in ours)


def make_tables() -> Iterator[tuple[str, str]]:
    """Each part of the matrix with the name of its place, made by asking the backends."""
    sys.path.insert(0, str(ROOT / "tests"))
    from providers import test_order
    from testing.test_contract import list_contracts

    from sumotext_backend.testing.features import feature_table

    yield "features", feature_table(contract() for contract in list_contracts())
    yield "said", test_order.answers_table()
    yield "given", test_order.requests_table()


def main() -> None:
    """Write both."""
    schema = json.dumps(make_schema(), indent=2, ensure_ascii=False)
    SCHEMA.write_text(f"{schema}\n", encoding="utf-8")
    page = MATRIX.read_text("utf-8")
    for name, part in make_tables():
        place = rf"(?<=<!-- {name} -->\n\n).*?(?=\n<!-- end of {name} -->)"
        page = re.sub(place, lambda _, part=part: part, page, flags=re.DOTALL)
    MATRIX.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
