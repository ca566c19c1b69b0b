"""The house's own rules on names."""

from __future__ import annotations

import importlib

import pytest

from tests.house import names

pytestmark = pytest.mark.once  # it reads the source


def test_functions_are_verbs() -> None:
    """Fewer than three in a hundred are named by a participle."""
    participles, functions = names.list_participles()

    assert len(participles) / functions < 0.03, participles


@pytest.mark.parametrize("name", ["given", "_written", "needed", "sorted_out", "found"])
def test_a_participle_is_seen(name: str) -> None:
    """The check can fail: these names stood here once."""
    assert names.is_participle(name)


@pytest.mark.parametrize("name", ["read", "feed", "need_more", "embed", "is_needed", "resolve"])
def test_a_verb_is_not_a_participle(name: str) -> None:
    """Nor is a question about a state."""
    assert not names.is_participle(name)


def test_every_module_offers_a_name() -> None:
    """A module of private names alone cannot be found by what it does."""
    assert [] == names.list_nameless()


def test_contrib_imports_public_names_only() -> None:
    """What contrib uses, any stranger's adapter may use."""
    assert [] == names.list_private_imports()


def test_a_private_import_is_seen() -> None:
    """The check can fail: a name of a module that is not public is not public."""
    assert not names._is_public("sumotext_backend.options", "options_of")
    assert names._is_public("sumotext_backend.providers", "options_of")


@pytest.mark.parametrize("module", names.PUBLIC)
def test_every_public_name_can_be_imported(module: str) -> None:
    """``__all__`` promises nothing that is not there, and is sorted as a reader expects."""
    listed = names.read_all(module)
    if not listed and not names.ROOT.joinpath(*module.split(".")).exists():
        pytest.skip(f"{module} is not there yet")
    package = importlib.import_module(module)

    assert listed
    assert all(hasattr(package, name) for name in listed)


def test_the_packages_are_those_of_the_page() -> None:
    """The page on versions names every public package."""
    page = (names.ROOT / "docs" / "reference" / "versions.md").read_text("utf-8")
    there = [each for each in names.PUBLIC if names.ROOT.joinpath(*each.split(".")).exists()]

    assert [] == [each for each in there if f"`{each}`" not in page]
