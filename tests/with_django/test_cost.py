"""What the adapter costs, in the benchmark of this project."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("sms")

ROOT = Path(__file__).parents[2]


def bounds(file: Path) -> list[dict[str, Any]]:
    """What a short run of the benchmark says of the adapter."""
    start = f"import sys; sys.path.append({str(ROOT)!r}); from benchmarks.__main__ import main"
    only = ["--only", "django-sms", "--messages", "50", "--rounds", "21", "--json", str(file)]
    command = [sys.executable, "-P", "-c", f"{start}; sys.exit(main())", *only]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["bounds"]
    return found


def test_a_text_through_django_sms_keeps_its_bound_of_cpu(tmp_path: Path) -> None:
    """At most 1.3 of the CPU of the bare `Sender`; a busy machine gets three tries."""
    for _ in range(3):
        [one] = bounds(tmp_path / "figures.json")
        if one["kept"]:
            break

    assert ("django-sms", "sender", 1.3) == tuple(one["bound"].values())
    assert one["kept"], one
