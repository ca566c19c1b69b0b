"""The URLs of a project that has none of ours."""

from __future__ import annotations

urlpatterns: list[object] = []
