"""Whether anything was committed since one last looked, for a few microseconds."""

import sqlite3

from sqlalchemy import Engine


class Changes:
    """Watches a database through a connection of its own that never writes."""

    def __init__(self, engine: Engine) -> None:
        self._connection = engine.raw_connection() if engine.dialect.name == "sqlite" else None
        if self._connection is not None:
            self._connection.detach()  # it is ours for good, and nobody waits for it

    def mark(self) -> object:
        """A value that equals an earlier one only if nothing was committed in between.

        None where the database does not tell: no ground to rely on.
        """
        raw: object = self._connection and self._connection.dbapi_connection
        if not isinstance(raw, sqlite3.Connection):
            return None
        try:
            # SQLite counts the commits of all other connections, in every process. Read to its end: a
            # statement that is left open would see the same count for ever.
            [(count,)] = raw.execute("PRAGMA data_version").fetchall()
        except sqlite3.Error:
            return None
        return count
