"""Browsing events with Datasette, an optional extra: a SQLite file as it is, or a native table turned into one for the time of the visit."""

import importlib.util
import json
import sqlite3
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path

from coder.events_table import read_rows
from coder.output import COLUMNS

REMEDY = "pip install 'waqai[serve]', or: pip install datasette"
_TYPES = {"sentence": "INTEGER", "start": "INTEGER", "end": "INTEGER", "goldstein": "REAL", "latitude": "REAL", "longitude": "REAL"}
_INDEXED = ("event_id", "story_id", "event_date", "cameo", "source", "target")
_FACETS = ["status", "quad", "source", "target"]
_AT_ONCE = 10_000


class BrowseError(RuntimeError):
    """The events cannot be browsed. The message says why, and the remedy."""


def browse(events: Path, port: int = 8001, show: bool = True) -> int:
    """Serve `events` at http://127.0.0.1:PORT, to this machine only, until it is stopped by Ctrl-C; `show` opens the browser. Returns Datasette's
    exit code. Raises BrowseError where Datasette is not installed, or the file is neither SQLite nor a native table."""
    if importlib.util.find_spec("datasette") is None:
        raise BrowseError(f"browsing needs Datasette, which is not installed ({REMEDY})")
    with tempfile.TemporaryDirectory(prefix="waqai-") as folder:
        database = events if is_sqlite(events) else to_sqlite(events, Path(folder) / "events.sqlite")
        about = Path(folder) / "metadata.json"
        facets = {"databases": {database.stem: {"tables": {"events": {"facets": _FACETS, "sort_desc": "event_date"}}}}}
        about.write_text(json.dumps({"title": f"Events in {events.name}", **facets}, ensure_ascii=False), encoding="utf-8")
        command = [sys.executable, "-m", "datasette", "serve", "--immutable", str(database), "--metadata", str(about), "--port", str(port)]
        try:
            return subprocess.run([*command, *(["--open"] if show else [])], check=False).returncode
        except KeyboardInterrupt:
            return 0


def is_sqlite(path: Path) -> bool:
    """Whether the file is a SQLite database."""
    with open(path, "rb") as stream:
        return stream.read(16) == b"SQLite format 3\0"


def to_sqlite(events: Path, database: Path) -> Path:
    """Write a native table as table `events` of a new SQLite file: codes as text, offsets and coordinates as numbers, empty cells as NULL."""
    columns = ", ".join(f'"{name}" {_TYPES.get(name, "TEXT")}' for name in COLUMNS)
    slots = ", ".join("?" * len(COLUMNS))
    try:
        rows = read_rows(events)
        with sqlite3.connect(database) as connection:
            connection.execute(f"CREATE TABLE events ({columns})")
            while batch := list(islice(rows, _AT_ONCE)):
                connection.executemany(f"INSERT INTO events VALUES ({slots})", [[row.get(name) or None for name in COLUMNS] for row in batch])
            for name in _INDEXED:
                connection.execute(f'CREATE INDEX "events_{name}" ON events ("{name}")')
        connection.close()
    except (ValueError, OSError, sqlite3.Error) as error:
        raise BrowseError(f"{events} is neither a SQLite file nor a table that can be read: {error}") from error
    return database
