"""Long runs that outlast whatever ends them: events are kept in parts beside the output until all are there, then written in one go.

`waqai code INPUT --out FILE` keeps its work in the folder `FILE.parts`: `run.json` says what the run is (options, dictionaries, weights, code),
each `part-FIRST-LAST.gz` holds what the units from FIRST to LAST gave, one line of JSON a unit, and a last line that says what it holds and
what had been read. A part is written under another name, brought to the disk and renamed, so that one that is there is whole. The same command
passes over the units of these parts, having made sure that they are still the same text, and goes on behind them. When all is done the
writers run over the events in the order of the input, FILE appears at once, and the folder goes.

A shard (`--shard 2/8`) does every eighth unit from the second on and leaves its folder, `FILE.shard-2-of-8`, for `merge`: which unit a story is
in depends on the input alone, so that merged shards are the run without shards, to the byte.
"""

import contextlib
import gzip
import hashlib
import heapq
import itertools
import json
import shutil
import signal
import threading
import time
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import IO, Any

from attrs import astuple, define, field, frozen

from coder.cache import code_digest
from coder.crew import map_in_order
from coder.dictionaries import Dictionaries
from coder.gazetteer import gazetteer_problems
from coder.model import Event, InputError
from coder.output import COLUMNS, write_errors
from coder.parse import parser_digest
from coder.pipeline import Outcome, Unit, code_inputs, coding, unit_key, units
from coder.progress import Meter, Progress, in_few_lines, is_failure
from coder.store import read_store
from coder.unpack import make_lasting

_FORMAT = 1
_RECORD, _LOCK, _WHOLE = "run.json", "lock", "whole.json"
_SECONDS = 2.0  # after which a part is closed: what a killed run loses
_LINES_TEXT = 20_000_000  # characters of a part, after which it is closed too
_GOES_ON = "the same command then goes on where it was"
_NAMES = {  # of what a run depends on, as it is told when it has changed
    "waqai": "the version of waqai", "code": "the code of waqai", "columns": "the columns of the table", "dictionaries": "the dictionaries",
    "parser": "the parser's weights", "inputs": "INPUT", "all_statuses": "--all-statuses", "package": "--parser", "stale": "--stale",
    "date": "--date", "encoding": "--encoding", "column": "--column", "shard": "--shard",
}  # fmt: skip
_HASHES = ("code", "dictionaries", "columns")  # told without their values, which say nothing to a person
Line = dict[str, Any]


class ArchiveError(RuntimeError):
    """A run cannot be begun, gone on with or finished. The message says why and what to do; `interrupted` where a person or the system ended it."""

    interrupted = False


class Interrupted(ArchiveError):
    """Ctrl-C, an end of the terminal, or the system's request to end."""

    interrupted = True


@frozen
class Options:
    """What is coded and how. `shard` is (which, of how many), counted from 1."""

    inputs: tuple[str, ...]
    dictionaries: Dictionaries = field(repr=False)
    all_statuses: bool = False
    package: str = "shipped"
    stale: str = "refuse"
    date: str = ""
    encoding: str = ""
    columns: dict[str, str] = field(factory=dict)
    jobs: int = 1
    cluster: str = ""
    shard: tuple[int, int] = (1, 1)

    def record(self) -> dict[str, Any]:
        """All that the events depend on; neither the number of processes nor who they are."""
        import coder

        return {
            "format": _FORMAT, "waqai": coder.__version__, "code": code_digest(), "columns": list(COLUMNS), "dictionaries": self.dictionaries.digest,
            "parser": parser_digest(self.package), "inputs": list(self.inputs), "all_statuses": self.all_statuses, "package": self.package,
            "stale": self.stale, "date": self.date, "encoding": self.encoding, "column": self.columns, "shard": "{}/{}".format(*self.shard),
        }  # fmt: skip

    def units(self, meter: Meter) -> Iterator[Unit]:
        """The work, in its order."""
        return units(
            self.inputs, dictionaries=self.dictionaries, package=self.package, stale=self.stale, date=self.date, encoding=self.encoding,
            columns=self.columns, meter=meter,
        )  # fmt: skip


def parse_shard(text: str) -> tuple[int, int]:
    """`2/8` as (2, 8). Raises ArchiveError."""
    which, slash, total = text.partition("/")
    if slash and which.isdecimal() and total.isdecimal() and 1 <= int(which) <= int(total):
        return int(which), int(total)
    raise ArchiveError(f"--shard {text!r}: write i/n with i from 1 to n, such as 2/8")


# ---------------------------------------------------------------------------------------------------- a run


class Run:
    """The events of a run and what went wrong in it. Use `events` up before asking for `problems`."""

    def __init__(self, events: Iterator[Event], problems: list[InputError]) -> None:
        self._events, self._problems = events, problems

    def events(self) -> Iterator[Event]:
        """All events in the order of the input."""
        return self._events

    def problems(self) -> Iterator[InputError]:
        """All problems in the order of the input."""
        return iter(self._problems)


class _PartsRun(Run):
    """A run whose parts are all there."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    def events(self) -> Iterator[Event]:
        """All events in the order of the input, read from the parts."""
        return (Event(*row) for line in self._lines() for row in line["events"])

    def problems(self) -> Iterator[InputError]:
        """All problems in the order of the input, read from the parts."""
        told = (InputError(*row) for line in self._lines() for row in line["problems"])
        return itertools.chain(gazetteer_problems(), told)

    def _lines(self) -> Iterator[Line]:
        return heapq.merge(*map(_all_lines, self._folders), key=itemgetter("unit"))


@contextlib.contextmanager
def coded(options: Options, out: Path | None, *, progress: Progress | None = None, restart: bool = False) -> Iterator[Run]:
    """Code everything that `options` name, in parts beside `out`, going on with those of an earlier run, or beginning anew with `restart`. What
    the caller writes inside the `with` is the last step: after it the parts are deleted. Without `out`, or where it is no file that can be
    replaced (a pipe), events stream through. Raises ArchiveError, and what the parser, store and crew raise."""
    if out is None or out.exists() and not (out.is_file() or out.is_dir()):
        problems: list[InputError] = []
        kinds = {"all_statuses": options.all_statuses, "package": options.package, "stale": options.stale, "date": options.date}
        reading = {"encoding": options.encoding, "columns": options.columns, "jobs": options.jobs, "cluster": options.cluster}
        yield Run(code_inputs(options.inputs, problems, dictionaries=options.dictionaries, **kinds, **reading), problems)  # type: ignore[arg-type]
        return
    if options.shard != (1, 1):
        raise ArchiveError("a shard leaves parts for `waqai merge`: use code_shard")
    folder = out.with_name(out.name + ".parts")
    with _ended_politely(folder), _told_errors(folder), _Parts(folder, options.record(), restart) as parts:
        _code(options, parts, progress or Progress())
        yield _PartsRun([folder])
        parts.delete()


def report(run: Run, listed: Path | None, say: Callable[[object], None]) -> bool:
    """Tell what went wrong in a run, in few lines; list what could not be coded in the file `listed`, which is deleted where all could. Gives
    whether anything could not. Raises OSError."""
    for line in in_few_lines(run.problems()):
        say(line)
    failures = filter(is_failure, run.problems())
    first = next(failures, None)
    if listed is not None:
        if first is None:
            listed.unlink(missing_ok=True)
        else:
            write_errors(itertools.chain([first], failures), listed)
    return first is not None


def code_shard(options: Options, out: Path, *, progress: Progress | None = None, restart: bool = False) -> tuple[Path, Progress]:
    """Code one shard into its folder beside `out`, going on with what is there; gives the folder and its counts. Raises as `coded` does."""
    folder, progress = shard_folder(out, options.shard), progress or Progress()
    with _ended_politely(folder), _told_errors(folder), _Parts(folder, options.record(), restart) as parts:
        _code(options, parts, progress)
    return folder, progress


def shard_folder(out: Path, shard: tuple[int, int]) -> Path:
    """Where a shard keeps its parts."""
    return out.with_name(f"{out.name}.shard-{shard[0]}-of-{shard[1]}")


def merged(folders: Sequence[Path]) -> Run:
    """The run that all the shards in `folders` make together: events in the order of the input, as one run without shards gives them. Raises
    ArchiveError where a shard is missing, unfinished or of another run."""
    records = {folder: _record(folder) for folder in folders}
    first_folder, first = next(iter(records.items()))
    _, _, total = str(first["shard"]).partition("/")
    found: dict[str, Path] = {}
    for folder, record in records.items():
        changes = _changes(first, {**record, "shard": first["shard"]})
        if changes or not str(record["shard"]).endswith("/" + total):
            raise ArchiveError(f"{folder} and {first_folder} are of two runs: {'; '.join(changes) or 'their --shard'} differ")
        if record["shard"] in found:
            raise ArchiveError(f"{folder} and {found[record['shard']]} are the same shard {record['shard']} (give each once)")
        if not (folder / _WHOLE).is_file():
            raise ArchiveError(f"{folder} is not finished (start its command again: {_GOES_ON})")
        found[record["shard"]] = folder
    missing = [f"{i}/{total}" for i in range(1, int(total) + 1) if f"{i}/{total}" not in found]
    if missing:
        raise ArchiveError(f"shards are missing: {', '.join(missing[:20])} (give the folders of all {total})")
    ends = {json.loads((folder / _WHOLE).read_text(encoding="utf-8"))["key"] for folder in folders}
    if len(ends) > 1:
        raise ArchiveError("the shards have read different INPUT (code them again from the same files)")
    return _PartsRun(list(found.values()))


def _code(options: Options, parts: "_Parts", progress: Progress) -> None:
    """Code the units that no part holds yet."""
    progress.meter.total = _size(options.inputs)
    tasks = _Tasks(options, parts, progress)
    work = coding(options.dictionaries, options.all_statuses, options.package)
    try:
        for outcomes in map_in_order(work, tasks, options.jobs, options.cluster):
            line = _line(outcomes)
            line["unit"], key = tasks.given.popleft()
            _count(line, progress)
            progress.tell()
            parts.add(line, key)
    finally:
        progress.end()
        parts.close_part()
    if not progress.begun:
        progress.begin(parts.before)
    parts.finish(tasks.key, tasks.number)


def _line(outcomes: Iterable[Outcome]) -> Line:
    """What a unit gave, as a part keeps it."""
    line: Line = {"unit": 0, "stories": 0, "events": [], "problems": []}
    for outcome in outcomes:
        line["stories"] += outcome.stories
        line["events"] += [[getattr(event, name) for name in COLUMNS] for event in outcome.events]
        line["problems"] += [list(astuple(problem)) for problem in outcome.problems]
    return line


def _count(line: Line, progress: Progress) -> None:
    progress.add(line["stories"], len(line["events"]), [InputError(*row) for row in line["problems"]])


class _Tasks:
    """The units of this run or shard that no part holds yet. `number` counts all units, `key` is the hash of all that have been read, `given`
    holds number and key of those that have been handed out."""

    def __init__(self, options: Options, parts: "_Parts", progress: Progress) -> None:
        self.options, self.parts, self.progress = options, parts, progress
        self.number, self.key = 0, ""
        self.given: deque[tuple[int, str]] = deque()

    def __iter__(self) -> Iterator[Unit]:
        which, total = self.options.shard
        known = dict(self.parts.ends)
        done = max(known, default=-1)
        for number, unit in enumerate(self.options.units(self.progress.meter)):
            self.number = number + 1
            self.key = hashlib.sha256(self.key.encode() + unit_key(unit)).hexdigest()
            if number in known and known[number] != self.key:
                raise self.parts.other("INPUT: its text is no longer what it was")
            if number % total != which - 1:
                continue
            if number <= done:
                continue
            if not self.progress.begun:
                self.progress.begin(self.parts.before)
            self.given.append((number, self.key))
            yield unit
        if self.number <= done:
            raise self.parts.other("INPUT: it has less text than it had")


def _size(inputs: Iterable[str]) -> int:
    """Bytes of all inputs on the disk, 0 where that cannot be known."""
    total = 0
    for name in inputs:
        path = Path(name)
        if name == "-":
            return 0
        if path.is_file():
            total += path.stat().st_size
        elif path.is_dir():
            with contextlib.suppress(RuntimeError, OSError):
                names = [path / part.file for part in read_store(path).parts] if (path / "index.waqai").is_file() else path.rglob("*")
                total += sum(p.stat().st_size for p in names if p.is_file())
    return total


# ---------------------------------------------------------------------------------------------------- parts


@define
class _Parts:
    """The folder of a run. `ends` holds the last unit and the hash of each part that an earlier run has left, `before` what they count."""

    folder: Path
    record: dict[str, Any]
    restart: bool = False
    ends: list[tuple[int, str]] = field(factory=list)
    before: Progress = field(factory=Progress)
    _lock: IO[str] | None = None
    _stream: IO[str] | None = None
    _first: int = 0
    _foot: Line = field(factory=dict)
    _size: int = 0
    _due: float = 0.0
    _sound: bool = True

    def __enter__(self) -> "_Parts":
        """Open the folder: nobody else may use it now, and what is there must be of the same run. Raises ArchiveError, OSError."""
        if not self.folder.parent.is_dir():
            raise ArchiveError(f"no folder {self.folder.parent}: nothing can be written there (make it, or choose another --out)")
        self.folder.mkdir(exist_ok=True)
        self._take_lock()
        if self.restart:
            for path in self.folder.iterdir():
                if path.name != _LOCK:
                    path.unlink()
        if _part_files(self.folder):
            changes = _changes(_record(self.folder), self.record)
            if changes:
                raise self.other("; ".join(changes))
        else:
            self._write(_RECORD, self.record)
        (self.folder / _WHOLE).unlink(missing_ok=True)
        for path in self.folder.glob(".*.tmp"):
            path.unlink()
        self._look_through()
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the folder; one without parts is of no use, but for a finished shard to which no unit fell: `merge` asks for it."""
        if not _part_files(self.folder) and not (self.folder / _WHOLE).is_file():
            self.delete()
        if self._lock is not None:
            self._lock.close()

    def other(self, change: str) -> ArchiveError:
        """What to say where the run that was begun is not the one that is asked for."""
        return ArchiveError(
            f"{self.folder} holds a run that was begun differently: {change} (give what was given then, or begin anew with --restart)"
        )

    def _take_lock(self) -> None:
        """Hold the folder until this process ends, however it ends."""
        self._lock = open(self.folder / _LOCK, "w", encoding="utf-8")
        try:
            import fcntl

            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:  # Windows
            pass
        except BlockingIOError as error:
            raise ArchiveError(f"another run is at work in {self.folder} (wait for it, or choose another --out)") from error
        except OSError:
            pass  # a file system without locks

    def _look_through(self) -> None:
        """Learn what the parts hold; a damaged one and all behind it are done again."""
        expected, sound = None, True
        for path in _part_files(self.folder):
            lines = _lines(path) if sound else None
            foot = lines[-1] if lines else None
            if foot is None or (expected is not None and foot["after"] != expected) or (expected is None and foot["after"] != -1):
                sound = False
                path.unlink()
                continue
            expected = foot["last"]
            self.ends.append((foot["last"], foot["key"]))
            for line in (lines or [])[:-1]:
                _count(line, self.before)

    def add(self, line: Line, key: str) -> None:
        """Keep what a unit gave; `key` is the hash of all text up to it."""
        if self._stream is None:
            self._first, self._due, self._size = line["unit"], time.monotonic() + _SECONDS, 0
            self._foot = {"after": self.ends[-1][0] if self.ends else -1, "units": 0}
            self._stream = gzip.open(self._temporary(), "wt", compresslevel=1, encoding="utf-8")
        text = json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n"
        self._sound = False  # until the line and its account are whole: an interruption may come between them
        self._stream.write(text)
        self._size += len(text)
        self._foot |= {"units": self._foot["units"] + 1, "last": line["unit"], "key": key}
        self._sound = True
        if time.monotonic() >= self._due or self._size > _LINES_TEXT:
            self.close_part()

    def close_part(self) -> None:
        """Finish the part that is being written, if there is one."""
        stream, self._stream = self._stream, None
        if stream is None:
            return
        temporary = self._temporary()
        try:
            with stream:
                stream.write(json.dumps(self._foot) + "\n")
            if not self._sound:
                temporary.unlink()
                return
            make_lasting(temporary, self.folder / f"part-{self._first:010d}-{self._foot['last']:010d}.gz")
        except OSError:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
        self.ends.append((self._foot["last"], self._foot["key"]))

    def finish(self, key: str, number: int) -> None:
        """Note that all is done: `key` is the hash of all text. Raises ArchiveError where parts have gone meanwhile."""
        names = _part_files(self.folder)
        if len(names) != len(self.ends):
            raise ArchiveError(f"parts have been deleted from {self.folder} (start again: what is missing is coded once more)")
        self._write(_WHOLE, {"key": key, "units": number})

    def delete(self) -> None:
        """Delete the folder: its events are written."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _temporary(self) -> Path:
        return self.folder / f".part-{self._first:010d}.tmp"

    def _write(self, name: str, record: dict[str, Any]) -> None:
        temporary = self.folder / f".{name}.tmp"
        temporary.write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8", errors="surrogateescape")
        make_lasting(temporary, self.folder / name)


def _part_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("part-*.gz"))


def _lines(path: Path) -> list[Line] | None:
    """The lines of a part, the last of which says what it holds; None where it is damaged."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            lines = [json.loads(line) for line in stream]
        return lines if lines and lines[-1]["units"] == len(lines) - 1 else None
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError):
        return None


def _all_lines(folder: Path) -> Iterator[Line]:
    """What each unit gave, in order. Raises ArchiveError for a damaged part."""
    for path in _part_files(folder):
        lines = _lines(path)
        if lines is None:
            raise ArchiveError(f"{path} is damaged (delete it and start again: {_GOES_ON})")
        yield from lines[:-1]


def _record(folder: Path) -> dict[str, Any]:
    """What a run is. Raises ArchiveError where the folder holds none."""
    try:
        record = json.loads((folder / _RECORD).read_text(encoding="utf-8", errors="surrogateescape"))
    except (OSError, ValueError) as error:
        raise ArchiveError(f"{folder}: no run of `waqai code` is kept there (give the folders that `waqai code --shard` has left)") from error
    if not isinstance(record, dict) or record.get("format") != _FORMAT:
        raise ArchiveError(f"{folder} was written by another version of waqai (begin anew with --restart)")
    return record


def _changes(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What differs between two runs, named."""
    return [
        f"{name} changed" if key in _HASHES else f"{name} was {_value(old.get(key))}, is {_value(new.get(key))}"
        for key, name in _NAMES.items()
        if old.get(key) != new.get(key)
    ]


def _value(value: object) -> str:
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text[:200] or "not given"


# ---------------------------------------------------------------------------------------------------- ends


@contextlib.contextmanager
def _told_errors(folder: Path) -> Iterator[None]:
    """Errors of the disk as messages with a remedy."""
    try:
        yield
    except FileNotFoundError as error:
        raise ArchiveError(f"{error.filename or folder} is gone: was {folder} deleted? (start again: what is missing is coded once more)") from error
    except OSError as error:
        raise ArchiveError(
            f"{error.filename or folder} cannot be written: {error.strerror or error} (make room, or mend permissions; {_GOES_ON})"
        ) from error


@contextlib.contextmanager
def _ended_politely(folder: Path) -> Iterator[None]:
    """Ctrl-C, the system's request to end and the end of the terminal as an Interrupted that says how to go on."""
    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # nohup has it ignored: so it stays
                before[number] = signal.signal(number, _interrupt)
    try:
        yield
    except KeyboardInterrupt as error:
        raise Interrupted(f"stopped; what is done is kept in {folder}: {_GOES_ON.replace('then ', '')}") from error
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


__all__ = ["ArchiveError", "Interrupted", "Options", "Run", "code_shard", "coded", "merged", "parse_shard", "report", "shard_folder"]
