"""What the inbox's page is made of, as one number: pictures of it are kept beside that number."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
PAGE: Final = ROOT / "sumotext_backend/simulator/page"
PICTURES: Final = ROOT / "docs/images"
SEAL: Final = PICTURES / "inbox.sha256"


def hash_page(folder: Path = PAGE) -> str:
    """One SHA-256 over names and contents of all files, in the order of their names."""
    found = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        found.update(f"{path.name} {len(content)}\n".encode() + content)
    return found.hexdigest()
