"""The command: ``python -m benchmarks``."""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import attrs

from benchmarks import imports, memory, report, server, stats, timing
from benchmarks.contenders import BASE, BOUNDS, CONTENDERS, Contender, before, chosen
from benchmarks.worker import NotSentError

IMPORTS: Final = "imports"
NAMES: Final = (*(one.name for one in CONTENDERS), IMPORTS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print Markdown, write JSON where asked to; 0 also where a bound is not kept."""
    options = _options(arguments)
    _forget_proxies()
    if not options.phonenumbers:
        sys.modules["phonenumbers"] = None  # type: ignore[assignment]  # as if not installed
    try:
        with _ledger_off():
            found = _memory(options) if options.memory else _times(options)
    except NotSentError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 1
    if options.json:
        text = json.dumps({"machine": report.machine(), **found}, indent=2)
        options.json.write_text(f"{text}\n", encoding="utf-8")
    return 0


@contextlib.contextmanager
def _ledger_off() -> Iterator[None]:
    """Keep what is sent out of the user's own ledger; what one costs is measured by itself."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sumotext.toml"
        file.write_text('[ledger]\nrecord = "off"\n', encoding="utf-8")
        os.environ |= {"SUMOTEXT_CONFIG": str(file), "SUMOTEXT_STATE_DIR": folder}
        logging.getLogger("sumotext_backend.ledger").setLevel(logging.ERROR)  # it is off, we know
        yield


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--messages", type=_count, help="per round (300); with --memory, in all (50000)")
    add("--rounds", type=_count, default=15, help="of each contender (default: 15)")
    add("--only", type=_names, default=(), metavar="A,B", help=f"of {', '.join(NAMES)}")
    add("--before", metavar="PYTHON", help="compare with the version that this interpreter has")
    add("--memory", action="store_true", help="how peak memory grows, and nothing else")
    add("--phonenumbers", action="store_true", help="with that extra, which looks up each number")
    add("--json", type=_file, metavar="FILE", help="write all figures there too")
    options = parser.parse_args(arguments)
    if options.memory and (len(options.only) > 1 or IMPORTS in options.only):
        parser.error("--memory is of one contender: a process has only one peak")
    return options


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError("wants a whole number above 0")
    return int(text)


def _file(text: str) -> Path:
    path = Path(text)
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise argparse.ArgumentTypeError(f"cannot write {text!r}")
    return path


def _names(text: str) -> tuple[str, ...]:
    given = tuple(text.split(","))
    for name in given:
        if name not in NAMES:
            raise argparse.ArgumentTypeError(f"no {name!r}; there are {', '.join(NAMES)}")
    return given


def _forget_proxies() -> None:
    """A proxy of the environment would come between; libraries look there at each request."""
    for name in [one for one in os.environ if one.lower().endswith("_proxy")]:
        del os.environ[name]


def _installed(contenders: Sequence[Contender]) -> list[Contender]:
    """Those that can run; of each other one a line says why not."""
    for one in contenders:
        if one.missing():
            print(f"skipped {one.name}: {', '.join(one.missing())} not installed", file=sys.stderr)
    return [one for one in contenders if not one.missing()]


def _times(options: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if options.only != (IMPORTS,):
        found |= _sends(options)
    if not options.only or IMPORTS in options.only:
        taken = imports.measure(options.rounds)
        print(f"\n{report.imports(taken)}")
        found["imports"] = {code: attrs.asdict(one) for code, one in taken.items()}
    return found


def _sends(options: argparse.Namespace) -> dict[str, Any]:
    contenders, messages = _installed(chosen(options.only)), options.messages or 300
    contenders += before(options.before) if options.before else ()
    with server.running() as sites:
        rounds = timing.measure(contenders, sites, messages, options.rounds, _progress)
    figures, judged = stats.figures(rounds, BASE), stats.judged(rounds, BOUNDS)
    print(f"{options.rounds} rounds of {messages} messages\n")
    print(report.sends(contenders, figures))
    if judged:
        print(f"\n{report.bounds(judged)}")
    size = {"messages": messages, "rounds": options.rounds}
    return size | report.sends_json(figures, judged)


def _memory(options: argparse.Namespace) -> dict[str, Any]:
    name = next(iter(options.only), BASE)
    for one in _installed([one for one in CONTENDERS if one.name == name]):
        with server.running() as sites:
            growth = memory.measure(one, sites, options.messages or 50_000)
        print(report.memory(name, growth))
        return {"memory": report.memory_json(name, growth)}
    return {}


def _progress(index: int) -> None:
    if sys.stderr.isatty():
        print(f"round {index + 1}", end="\r", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
