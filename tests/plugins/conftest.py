"""Plugins that are installed for the time of a test."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from plugin_cases import Install


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """``install(plugin, source)``: the distribution ``dist-<plugin>``; its module's name."""

    def add(plugin: str, source: str, attribute: str = "", distribution: str = "") -> str:
        distribution = distribution or f"dist-{plugin}"
        module = f"module_{uuid.uuid4().hex}"
        (tmp_path / f"{module}.py").write_text(source)
        info = tmp_path / f"{distribution.replace('-', '_')}-2.0.dist-info"
        info.mkdir()
        text = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 2.0\n"
        (info / "METADATA").write_text(text)
        target = f"{module}:{attribute}" if attribute else module
        words = f"[sumotext_backend.plugins]\n{plugin} = {target}\n"
        (info / "entry_points.txt").write_text(words)
        monkeypatch.syspath_prepend(tmp_path)
        return module

    return add
