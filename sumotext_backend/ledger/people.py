"""Numbers and texts as keyed hashes, so that a no outlives the number it belongs to."""

from __future__ import annotations

import hmac

import attrs


@attrs.frozen
class Hasher:
    """Hashes with the secret of one ledger."""

    secret: bytes = attrs.field(repr=False)

    def hash_number(self, e164: str) -> str:
        """64 hexadecimal digits that stand for one number."""
        return self._hash(b"number", e164)

    def hash_content(self, e164: str, text: str) -> str:
        """64 hexadecimal digits that stand for one text to one number."""
        return self._hash(b"content", f"{e164}\n{text}")

    def _hash(self, use: bytes, value: str) -> str:
        return hmac.digest(self.secret, use + b":" + value.encode("utf-8"), "sha256").hex()
