"""``{picture} NAME``: the picture ``pictures/NAME.svg``, in the page itself.

There a screen reader finds its words, and it takes its colours from the page's own switch.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

PICTURES: Final = Path(__file__).parent.parent / "pictures"


class InlinePicture(SphinxDirective):
    """The SVG as it is."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Read the file, and note that the page depends on it."""
        file = PICTURES / f"{self.arguments[0]}.svg"
        self.env.note_dependency(str(file))
        return [nodes.raw("", f"<figure>{file.read_text('utf-8')}</figure>", format="html")]


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx of it."""
    app.add_directive("picture", InlinePicture)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
