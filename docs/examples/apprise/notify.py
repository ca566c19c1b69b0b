"""Text everybody who has a tag: ``python notify.py oncall "the disk is full"``.

Run it in this folder: sumotext.toml is found there. What became of each text is logged; the exit
code is Apprise's own: 0 for sent, 1 for not sent, 3 for a tag that nobody has, 4 for partly.
"""

import logging
import sys

import apprise
from sumotext_apprise import register


def main(tag: str, text: str) -> int:
    """Send ``text`` to the services of ``tag``; the exit code."""
    logging.basicConfig(level=logging.INFO)
    register()
    service = apprise.Apprise()
    service.add(apprise.AppriseConfig(paths="apprise.yml"))
    return int(service.notify(body=text, tag=tag).status)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
