"""How far a long run has come: one line that renews itself on a terminal, plain lines in a log; and the telling of many problems in few lines."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from io import BufferedReader
from pathlib import Path
from typing import TextIO

from attrs import define, field

from coder.model import InputError
from coder.unpack import position

_EVERY_TERMINAL, _EVERY_LOG = 0.5, 60.0  # seconds between two lines
_TOLD = 20  # problems of one kind that are told one by one


@define
class Meter:
    """How much of the input has been read, in bytes on the disk; `total` is 0 where it is not known (standard input)."""

    total: int = 0
    _passed: int = 0
    _size: int = 0
    _stream: BufferedReader | None = None

    def follow(self, path: Path, stream: BufferedReader | None = None) -> None:
        """Another file is read now: through `stream`, or at once."""
        self._passed += self._size
        self._size = path.stat().st_size if path.is_file() else 0
        self._stream = stream

    def read(self) -> int:
        """Bytes read so far."""
        if self._stream is not None and not self._stream.closed:
            return self._passed + min(position(self._stream), self._size)
        return self._passed + self._size


@define
class Progress:
    """Counts of a run, told now and then on `stream` (standard error)."""

    meter: Meter = field(factory=Meter)
    stories: int = 0
    events: int = 0
    errors: int = 0
    skipped: int = 0
    _stream: TextIO = field(factory=lambda: sys.stderr)
    _clock: Callable[[], float] = time.monotonic  # never the wall clock, which can be set back
    _began: float = 0.0
    _told: float = 0.0
    _read: int = 0
    _before: int = 0

    @property
    def begun(self) -> bool:
        """Whether the first new story has come."""
        return bool(self._began)

    def begin(self, before: "Progress") -> None:
        """The first new story comes now, after those that `before` has counted: rates count from here."""
        self.stories, self.events, self.errors, self.skipped = before.stories, before.events, before.errors, before.skipped
        self._began = self._told = self._clock()
        self._read, self._before = self.meter.read(), self.stories

    def add(self, stories: int, events: int, problems: Iterable[InputError]) -> None:
        """Count what a unit gave."""
        self.stories += stories
        self.events += events
        for problem in problems:
            if is_failure(problem):
                if "left out" in problem.remedy:
                    self.skipped += 1
                else:
                    self.errors += 1

    def tell(self) -> None:
        """Tell the counts, if it is time to."""
        now = self._clock()
        if self._began and now - self._told >= (_EVERY_TERMINAL if self._stream.isatty() else _EVERY_LOG):
            self._told = now
            self._write(f"\r\033[K{self.line()}" if self._stream.isatty() else f"{self.line()}\n")

    def end(self) -> None:
        """Clear the line on a terminal."""
        if self._began and self._stream.isatty():
            self._write("\r\033[K")

    def line(self) -> str:
        """The counts in words, with the rate and what is left."""
        passed = max(self._clock() - self._began, 1e-9)
        parts = [f"{self.stories:,} stories", f"{(self.stories - self._before) / passed:,.1f} stories/s"]
        total, read = self.meter.total, self.meter.read()
        if total and read > self._read:
            parts += [f"{100 * min(read, total) / total:.0f} %", f"{_duration((total - min(read, total)) * passed / (read - self._read))} left"]
        return ", ".join(parts) + f"; {self.events:,} events, {self.errors:,} errors, {self.skipped:,} skipped"

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):  # the terminal is closed: the run goes on, or ends by the hang-up signal
            pass


def _duration(seconds: float) -> str:
    minutes = int(seconds // 60)
    if minutes < 1:
        return f"{seconds:.0f} s"
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min" if minutes < 48 * 60 else f"{minutes // 1440} days"


NO_DATE = "no date: dates in it stay relative to nothing"
OTHER_WORDS = "was parsed with other names and event words in the dictionaries"


def is_failure(problem: InputError) -> bool:
    """Whether a problem kept something from being coded; a missing date or a repeated id did not."""
    return problem.what not in (NO_DATE, OTHER_WORDS) and "more than once" not in problem.what and "is not YYYY-MM-DD" not in problem.what


def in_few_lines(problems: Iterable[InputError], told: int = _TOLD) -> Iterator[str]:
    """The problems in words, of each kind the first ones, then how many there are more: a million stories without a date are one fact."""
    kinds: Counter[str] = Counter()
    for problem in problems:
        kind = problem.remedy or problem.what
        kinds[kind] += 1
        if kinds[kind] <= told:
            yield str(problem)
    for kind, count in kinds.items():
        if count > told:
            yield f"... and {count - told:,} more of this kind ({kind})"
