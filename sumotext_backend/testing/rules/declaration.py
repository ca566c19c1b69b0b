"""`DeclarationRules`: how a backend is named, configured and found."""

# ruff: noqa: S101 - a rule is an assertion

from __future__ import annotations

import re
from typing import ClassVar, Final

import pytest

from sumotext_backend.backend import SmsBackend
from sumotext_backend.options import options_of
from sumotext_backend.testing import declaration

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


class DeclarationRules:
    """Rules of a backend's class; what derives from it has the fixture ``subject``."""

    entry_point: ClassVar[bool] = False
    """Whether the backend is installed under its name, and is to be found by it."""

    def test_its_name_can_be_configured(self, subject: SmsBackend) -> None:
        """`name` is made of small letters, digits and single hyphens: it is a DSN's scheme too."""
        assert _NAME.fullmatch(subject.name), f"{subject.name!r} is not a name for a configuration"

    def test_its_dsn_form_fits_its_options(self, subject: SmsBackend) -> None:
        """`dsn`, where there is one, begins with the name, and its parts are options, once each."""
        wrong = declaration.check_dsn(type(subject))

        assert wrong == [], "; ".join(wrong)

    def test_its_options_can_be_configured(self, subject: SmsBackend) -> None:
        """Every option has a help text, and a type that text from a configuration is read as."""
        wrong = declaration.check_options(type(subject))

        assert wrong == [], "; ".join(wrong)
        assert set(options_of(type(subject))) >= set(declaration.dsn_slots(type(subject)))

    def test_its_entry_point_finds_it(self, subject: SmsBackend) -> None:
        """Installed, it is found under its name, once."""
        if not self.entry_point:
            pytest.skip("set entry_point = True once the backend is installed under its name")

        found = declaration.load_installed(subject.name)

        assert [type(subject)] == found, f"under {subject.name!r} is installed: {found}"
