"""The ledger of several machines: a PostgreSQL database (extra ``postgres``)."""

from __future__ import annotations

import contextlib
import os
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from sumotext_backend.deadline import seconds_left
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.ledger.database import (
    Batch,
    LedgerError,
    Lock,
    Row,
    Run,
    raise_alone,
)
from sumotext_backend.ledger.execute import Gone, execute, execute_all, translate
from sumotext_backend.ledger.pool import (
    CONNECT_TIMEOUT,
    MAX_CONNECTIONS,
    close_pools,
    leave_behind,
    make_pool,
)
from sumotext_backend.ledger.postgres_lock import take_lock
from sumotext_backend.ledger.postgres_server import prepare_connection
from sumotext_backend.ledger.schema import TABLES, apply_schema
from sumotext_backend.ledger.statements import POSTGRESQL, Dialect, load_statements

if TYPE_CHECKING:
    import psycopg
    import psycopg_pool

    Connection = psycopg.Connection[tuple[Any, ...]]
    Pool = psycopg_pool.ConnectionPool[Connection]

MIN_CONNECT_TIMEOUT: Final = 1.0
"""Also where a send has none: a refusal or a result that came late is not lost for that."""

MAX_POOL_WAIT: Final = 0.25
"""Seconds to wait for a pool, which forgets whom it heard of while another thread closed it."""

_FIND: Final = "SELECT to_regclass('sumotext_meta') IS NOT NULL"
_READ: Final = "SELECT value FROM sumotext_meta WHERE name = 'secret'"
_LOCK: Final = 0x73756D6F  # "sumo", the name of our advisory lock


class PostgresDatabase:
    """The database at ``url``, each of whose connections ``prepare`` looks at before its use.

    Connections are kept by psycopg's own pool, one for each process, and made anew when the
    server went away. Raises `ConfigurationError` where the extra is missing.
    """

    dialect: Dialect = POSTGRESQL

    def __init__(self, url: str, prepare: Callable[[Connection], None] | None = None) -> None:
        """Open nothing yet."""
        self.prepare = prepare or prepare_connection
        try:
            import psycopg_pool  # noqa: F401
        except ImportError:
            missing = True
        else:
            missing = False
        if missing:
            raise ConfigurationError(
                "a ledger in PostgreSQL needs psycopg: pip install 'sumotext-backend[postgres]'"
            )
        self._url = url
        self._pools: dict[int, Pool] = {}
        self._checked: weakref.WeakSet[Connection] = weakref.WeakSet()
        self._lent: set[Connection] = set()
        self._secret: list[Row] = []
        self._statements = load_statements(self.dialect)
        weakref.finalize(self, close_pools, self._pools)

    def read(self, statement: str, **values: object) -> list[Row]:
        """Run one statement that changes nothing; once more where the server had gone away."""
        try:
            return self._read(statement, values)
        except Gone:
            self._drop_dead()
            return self._read(statement, values)

    def _read(self, statement: str, values: dict[str, object]) -> list[Row]:
        with self._lend() as connection:
            return execute(connection, self._statements[statement], values)

    @contextlib.contextmanager
    def transact(self, lock: Lock | None = None) -> Iterator[Run]:
        """One transaction that excludes other writers of the same rows, and of ``lock``."""
        with self._begin_anew() as connection:
            take_lock(connection, lock)
            yield lambda statement, **values: execute(
                connection, self._statements[statement], values
            )

    def write_all(self, lock: Lock, batches: Iterable[Batch]) -> None:
        """Run ``batches`` in one transaction."""
        with self._begin_anew() as connection:
            take_lock(connection, lock)
            for statement, rows in batches:
                execute_all(connection, self._statements[statement], rows)

    @contextlib.contextmanager
    def _begin_anew(self) -> Iterator[Connection]:
        """A transaction; begun once more where the server had gone away."""
        with contextlib.ExitStack() as stack:
            try:
                connection = stack.enter_context(self._begin())
            except Gone:
                self._drop_dead()
                connection = stack.enter_context(self._begin())
            yield connection

    @contextlib.contextmanager
    def _begin(self) -> Iterator[Connection]:
        with self._lend() as connection, connection.transaction():
            yield connection

    def _drop_dead(self) -> None:
        """Close the connections whose server went away.

        They are not asked before each use: that would double the time of a consent check.
        """
        if pool := self._pools.get(os.getpid()):
            pool.check()

    def exists(self) -> bool:
        """Whether its tables were made."""
        return bool(self.read("find_schema"))

    def upgrade(self) -> int:
        """Bring the schema up to date under an advisory lock."""
        with self._lend() as connection, connection.transaction():
            execute(connection, f"SELECT pg_advisory_xact_lock({_LOCK})", {})
            version = apply_schema(POSTGRESQL, lambda sql: execute(connection, sql, {}))
            self._refuse_other_database(connection)
        return version

    def erase(self) -> None:
        """Ask the server to free what was removed; its own log keeps it until it is recycled."""
        with self._lend() as connection:
            self._checked.discard(connection)  # so that its bound is set again, whatever comes
            execute(connection, "SET statement_timeout = 0", {})
            execute(connection, f"VACUUM {', '.join(TABLES)}", {})

    def check(self) -> list[str]:
        """PostgreSQL checks itself."""
        self.read("count_sends")
        return []

    def describe(self) -> dict[str, str | int]:
        """Kind, version and size in bytes."""
        with self._lend() as connection:
            [(version,)] = execute(connection, "SHOW server_version", {})
            [(size,)] = execute(connection, "SELECT pg_database_size(current_database())", {})
        return {"kind": "PostgreSQL", "version": version, "bytes": size}

    def close(self) -> None:
        """Close this process's pool; a later use opens anew."""
        close_pools(self._pools)

    def __reduce__(self) -> tuple[type[PostgresDatabase], tuple[str]]:
        """Refuse to pickle: the URL may hold a password."""
        raise TypeError("a ledger in PostgreSQL does not pickle: its URL may hold a password")

    @contextlib.contextmanager
    def _lend(self) -> Iterator[Connection]:
        import psycopg

        raised: LedgerError | None = None
        try:
            pool, connection = self._take()
            try:
                self._lent.add(connection)
                if connection not in self._checked:
                    self.prepare(connection)
                    self._refuse_other_database(connection)
                    self._checked.add(connection)
                yield connection
            finally:
                self._lent.discard(connection)
                pool.putconn(connection)
        except (psycopg.Error, UnicodeError) as error:
            raised = translate(error)
        if raised:
            raise_alone(raised)

    def _refuse_other_database(self, connection: Connection) -> None:
        # Made anew under its name it has another secret, by which no hash of ours finds a no.
        [(there,)] = execute(connection, _FIND, {})
        found = execute(connection, _READ, {}) if there else []
        if found and (self._secret or found) != found:
            raise LedgerError("the ledger was replaced while in use; start the program again")
        self._secret = found or self._secret

    def _take(self) -> tuple[Pool, Connection]:
        import psycopg_pool

        give_up = time.monotonic() + seconds_left(CONNECT_TIMEOUT, MIN_CONNECT_TIMEOUT)
        while True:
            pool = self._open()
            try:
                left = give_up - time.monotonic()
                return pool, pool.getconn(timeout=min(left, MAX_POOL_WAIT))
            except (psycopg_pool.PoolClosed, psycopg_pool.PoolTimeout):
                # Another thread closed the ledger meanwhile, or nobody is served as yet.
                if time.monotonic() >= give_up:
                    self._drop_leaking(pool)
                    raise

    def _drop_leaking(self, pool: Pool) -> None:
        """Close a pool some of whose connections nobody has, so that the next use opens anew.

        An alarm of the program's may come just when the pool handed one out.
        """
        size = pool.get_stats().get("pool_size", 0)
        if size >= MAX_CONNECTIONS > len(self._lent):
            close_pools(self._pools, wait=0)  # as the send that meets this has no time left

    def _open(self) -> Pool:
        # No lock, which a fork could leave held: of two pools that meet here one is never opened,
        # and so has no thread.
        import psycopg

        pool = self._pools.get(os.getpid())
        if pool is None:
            leave_behind(self._pools)
            self._lent = set()
            pool = self._pools.setdefault(os.getpid(), make_pool(self._url))
        try:
            with contextlib.suppress(psycopg.OperationalError):  # it was closed: getconn says so
                pool.open()
        except RuntimeError:  # of Python, at its end or where the system has no more
            close_pools(self._pools)  # it is half open, and would serve nobody
        else:
            return pool
        raise LedgerError("the ledger in PostgreSQL cannot be used (no thread can be started)")
