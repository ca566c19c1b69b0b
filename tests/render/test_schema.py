"""The JSON Schema of configuration files."""

from __future__ import annotations

import json
from importlib.metadata import entry_points
from pathlib import Path

import attrs

from sumotext_backend.providers import list_backends
from sumotext_backend.render.schema import make_schema

ROOT = Path(__file__).parents[2]


def test_the_schema_is_that_of_our_backends() -> None:
    """The shipped file is what the declarations say; the page on configuration writes it anew."""
    found = entry_points(group="sumotext_backend.backends")
    ours = [entry.name for entry in found if entry.value.startswith("sumotext_backend.")]
    shipped = json.loads((ROOT / "docs/reference/sumotext.schema.json").read_text())

    assert shipped == make_schema(row for row in list_backends() if row.name in ours)


def test_a_broken_backend_does_not_break_the_schema() -> None:
    """What cannot be described may still be named."""
    [good] = [row for row in list_backends() if row.name == "null"]
    broken = attrs.evolve(good, name="broken", state="broken", error="ImportError", options=())
    made = make_schema([broken, good])

    assert ["null"] == made["$defs"]["other-backend"]["properties"]["backend"]["not"]["enum"]
    assert "backend-broken" not in made["$defs"]
