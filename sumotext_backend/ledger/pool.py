"""Connections to PostgreSQL: psycopg's own pool, one for each process, and silent of values."""

from __future__ import annotations

import contextlib
import logging
import os
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import psycopg
    import psycopg_pool

    Connection = psycopg.Connection[tuple[Any, ...]]
    Pool = psycopg_pool.ConnectionPool[Connection]

NAME: Final = "sumotext-ledger"
MAX_CONNECTIONS: Final = 16
CONNECT_TIMEOUT: Final = 10.0
"""Seconds to wait for a connection at most; less where a send has less time left."""
CLOSE_TIMEOUT: Final = 5.0
STATEMENT_TIMEOUT: Final = 10.0
"""Seconds that one statement may take, its waiting for other writers among them."""

_LEFT_BEHIND: Final[list[object]] = []
"""A parent's pools, in its child."""


def make_pool(url: str) -> Pool:
    """A pool for the database at ``url``, not opened yet."""
    import psycopg_pool

    logging.getLogger("psycopg.pool").addFilter(hide_words)
    milliseconds = int(STATEMENT_TIMEOUT * 1000)
    return psycopg_pool.ConnectionPool(
        url,
        min_size=0,
        max_size=MAX_CONNECTIONS,
        timeout=CONNECT_TIMEOUT,
        reconnect_timeout=CONNECT_TIMEOUT,
        kwargs={
            "autocommit": True,
            "connect_timeout": int(CONNECT_TIMEOUT),
            "tcp_user_timeout": milliseconds,
            "application_name": NAME,
        },
        name=NAME,
        open=False,
    )


def hide_words(record: logging.LogRecord) -> bool:
    """Let a line of psycopg's pool on a ledger of ours through with an error's type alone."""
    if isinstance(record.args, tuple) and NAME in record.args:
        words = (type(w).__name__ if isinstance(w, Exception) else w for w in record.args)
        record.args, record.exc_info = tuple(words), None
    return True


def close_pools(pools: dict[int, Pool], *, wait: float = CLOSE_TIMEOUT) -> None:
    """Close the pool of this process, and touch none of its parent.

    Its threads are waited for so many seconds each; one that is just connecting takes long.
    """
    pool = pools.pop(os.getpid(), None)
    leave_behind(pools)
    if pool is not None:
        with contextlib.suppress(RuntimeError):  # where the pool's own thread lets go of it
            pool.close(timeout=wait)


def leave_behind(pools: dict[int, Pool]) -> None:
    """Keep a parent's pools untouched: their locks may be held, and their sockets are its own."""
    for pid in list(pools):
        if pid != os.getpid():
            _LEFT_BEHIND.append(pools.pop(pid, None))
