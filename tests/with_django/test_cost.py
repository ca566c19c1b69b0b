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
    """What a short run of the benchmark says of the adapter's own cost."""
    start = f"import sys; sys.path.append({str(ROOT)!r}); from benchmarks.__main__ import main"
    only = [
        "--only",
        "django-sms,sender-off,requests",
        "--messages",
        "50",
        "--rounds",
        "21",
        "--json",
        str(file),
    ]
    command = [sys.executable, "-P", "-c", f"{start}; sys.exit(main())", *only]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["bounds"]
    return [one for one in found if one["bound"]["name"] == "django-sms"]


def test_a_text_through_django_sms_keeps_its_bound_of_cpu(tmp_path: Path) -> None:
    """Above the same `Sender` at most a tenth of requests' CPU; a busy machine has three tries."""
    for _ in range(3):
        [one] = bounds(tmp_path / "figures.json")
        if one["kept"]:
            break

    assert ("django-sms", "requests", 0.1, "sender-off") == tuple(one["bound"].values())
    assert one["kept"], one
