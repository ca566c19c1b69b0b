"""``python -m sumotext_backend.cli``: the ``sumotext`` command."""

import sys

from sumotext_backend.cli import main

if __name__ == "__main__":
    sys.exit(main())
