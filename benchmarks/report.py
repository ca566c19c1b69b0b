"""Figures as Markdown and as JSON; pure, but for `machine`."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

import attrs

from benchmarks.contenders import BASE, Contender
from benchmarks.memory import Growth
from benchmarks.stats import Bound, Figures, Judged, Ratio, Sample

PACKAGES: Final = (
    "sumotext-backend",
    "requests",
    "urllib3",
    "apprise",
    "Django",
    "django-sms",
    "twilio",
)


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cpus": os.cpu_count(),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; the first column to the left, the others to the right."""
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(_line(row, widths) for row in [head, rule, *rows])


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (
        cell.rjust(width) if column else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return f"| {' | '.join([first, *rest])} |"


def sends(contenders: Sequence[Contender], figures: Mapping[str, Figures]) -> str:
    """One row per contender; microseconds per message, and multiples of `BASE`."""
    rows = [
        [
            one.title,
            f"{figures[one.name].cpu * 1e6:.0f}",
            _times(figures[one.name].cpu_ratio),
            f"{figures[one.name].wall * 1e6:.0f}",
            _times(figures[one.name].wall_ratio),
        ]
        for one in contenders
    ]
    base = next(one.title for one in contenders if one.name == BASE)
    return table(["per message", "CPU µs", f"÷ {base}", "wall µs", f"÷ {base}"], rows)


def _times(ratio: Ratio) -> str:
    return f"{ratio.median:.2f} ({ratio.low:.2f}-{ratio.high:.2f})"


def bounds(judged: Sequence[Judged]) -> str:
    """One row per bound."""
    rows = [
        [
            _title(one.bound),
            _times(one.ratio),
            f"{one.bound.most:.2f}",
            "yes" if one.kept else "NO",
        ]
        for one in judged
    ]
    return table(["CPU", "measured", "at most", "kept"], rows)


def _title(bound: Bound) -> str:
    name = f"({bound.name} - {bound.above})" if bound.above else bound.name
    return f"{name} ÷ {bound.over}"


def imports(taken: Mapping[str, Sample]) -> str:
    """One row per statement; milliseconds above an interpreter that does nothing."""
    rows = [
        [f"`{code}`", f"{one.cpu * 1e3:.1f}", f"{one.wall * 1e3:.1f}"]
        for code, one in taken.items()
    ]
    return table(["fresh interpreter", "CPU ms", "wall ms"], rows)


def memory(name: str, growth: Growth) -> str:
    """How the peak rose, in KiB."""
    rows = [
        [f"{part} of {len(growth.steps)}", f"{step / 1024:.0f}"]
        for part, step in enumerate(growth.steps, 1)
    ]
    total = (
        f"{name}: {growth.messages} messages, peak {growth.peaks[-1] / 2**20:.1f} MiB, "
        f"grown by {growth.per_message:.2f} bytes per message"
    )
    return f"{table(['part', 'KiB more'], rows)}\n\n{total}"


def sends_json(figures: Mapping[str, Figures], judged: Sequence[Judged]) -> dict[str, Any]:
    """Seconds per message and ratios, as `json.dumps` takes them."""
    return {
        "base": BASE,
        "contenders": {name: attrs.asdict(one) for name, one in figures.items()},
        "bounds": [attrs.asdict(one) | {"kept": one.kept} for one in judged],
    }


def memory_json(name: str, growth: Growth) -> dict[str, Any]:
    """Peaks in bytes."""
    return {"contender": name, **attrs.asdict(growth), "per_message": growth.per_message}
