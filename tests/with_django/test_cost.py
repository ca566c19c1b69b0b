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


def measure(file: Path) -> dict[str, Any]:
    """What a short run of the benchmark says of the adapter."""
    start = f"import sys; sys.path.append({str(ROOT)!r}); from benchmarks.__main__ import main"
    only = ["--only", "django-sms,requests", "--messages", "50", "--rounds", "21"]
    command = [sys.executable, "-P", "-c", f"{start}; sys.exit(main())", *only]
    # Its exit code tells of all bounds in the run; that of the adapter is what is asked for here.
    subprocess.run([*command, "--json", str(file)], check=False, capture_output=True, timeout=120)
    bounds = json.loads(file.read_text(encoding="utf-8"))["bounds"]
    [found] = [each for each in bounds if each["bound"]["name"] == "django-sms"]
    return dict(found)


def test_a_text_through_django_sms_keeps_its_bound_of_cpu(tmp_path: Path) -> None:
    """At most 0.1 of a plain request above the bare `Sender`; a busy machine gets three tries."""
    for _ in range(3):
        one = measure(tmp_path / "figures.json")
        if one["kept"]:
            break

    bound = {"name": "django-sms", "over": "requests", "most": 0.1, "above": "sender"}
    assert bound == one["bound"]
    assert one["kept"], one
