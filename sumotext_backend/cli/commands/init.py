"""``sumotext init``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sumotext_backend.cli.click_types import Command, show_examples
from sumotext_backend.cli.completion import complete_backend
from sumotext_backend.cli.output import put, say
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.render.exits import Exit

if TYPE_CHECKING:
    from sumotext_backend.registry import Listed


@click.command(
    cls=Command,
    short_help="Write a sumotext.toml to begin with.",
    epilog=show_examples(
        "sumotext init --using twilio", "sumotext init --config ~/.config/sumotext/sumotext.toml"
    ),
)
@click.option(
    "--using",
    metavar="BACKEND",
    default="sumotext",
    shell_complete=complete_backend,
    help="The backend to send by, as sumotext backends lists it; else sumotext.",
)
@click.option(
    "--config",
    metavar="FILE",
    type=click.Path(path_type=Path),
    default="sumotext.toml",
    help="Where to write it; else sumotext.toml in this folder.",
)
def init(using: str, config: Path) -> int:
    """Write a configuration with every option of one provider, each with what it is for.

    What must be given is read from environment variables, which the file names; all else is a
    comment. A file that is there is left as it is.
    """
    from sumotext_backend.render.starter import starter_text

    text = starter_text(_find(using))
    try:
        with config.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise click.UsageError(
            f"{config.name} is there already, and is left as it is; --config FILE writes another"
        ) from None
    except OSError as error:
        raise ConfigurationError(
            f"{config.name} cannot be written ({error.strerror}); --config FILE writes another"
        ) from None
    put(str(config))
    say("next: fill it in, then sumotext config check")
    return Exit.ACCEPTED


def _find(using: str) -> Listed:
    from sumotext_backend.registry import backend_class, listing

    backend_class(using)  # raises, with words, for what is not there or broken
    return next(row for row in listing() if row.name == using)
