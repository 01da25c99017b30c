"""Who does the work: this process, worker processes of this machine, or the workers of a Dask cluster. Results come in the order of the tasks.

A worker that dies (killed for memory by one monstrous story, or its machine lost) does not end a run: what was in its hands is done again by
itself, and if that kills a worker too, piece by piece; a piece that kills a third time is set aside and reported.
"""

import contextlib
import multiprocessing
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import Any, Generic, Protocol, TypeVar

from attrs import frozen

from coder.cache import no_collection

_HOPELESS = 5  # pieces set aside one after another without any result: the machine is too small, not the stories too large
_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


class CrewError(RuntimeError):
    """The workers cannot work. The message says why and what to do."""


class Pending(Protocol):
    """A result that may not be there yet, as `concurrent.futures.Future` and Dask's Future are."""

    def result(self) -> list[Any]:
        """Wait for the result; raises what the task raised, or the crew's `lost`."""

    def exception(self) -> BaseException | None:
        """Wait, and give what `result` would raise."""


class Crew(Protocol):
    """Workers that take tasks."""

    ahead: int
    lost: tuple[type[BaseException], ...]

    def submit(self, task: Any) -> Pending:
        """Hand out a task."""

    def recover(self) -> None:
        """Make the crew whole after a worker died."""

    def close(self, at_once: bool) -> None:
        """Let the workers go; `at_once` without waiting for what they have in hand."""


@frozen
class Work(Generic[_Task, _Result]):
    """What a crew does: each worker makes its function by `make(*arguments)`, once. `split` gives the pieces of a task that may be at fault,
    `set_aside` the results of a piece that kills its worker."""

    make: Callable[..., Callable[[_Task], Iterable[_Result]]]
    arguments: tuple[object, ...]
    split: Callable[[_Task], list[_Task]] = lambda task: [task]
    set_aside: Callable[[_Task], list[_Result]] | None = None


def map_in_order(work: Work[_Task, _Result], tasks: Iterable[_Task], jobs: int = 1, cluster: str = "") -> Iterator[Iterable[_Result]]:
    """The results of each task, in the order of the tasks, which are taken from the iterable only as workers come free, so that memory stays
    flat. One job is this process itself, which yields results as it finds them: use them up before asking for the next task's. `cluster`
    is what `coder.cluster.connect` takes. Raises CrewError, and what a task raises."""
    if jobs == 1 and not cluster:
        function = work.make(*work.arguments)
        for task in tasks:
            yield function(task)
        return
    crew: Crew
    if cluster:
        from coder.cluster import DaskCrew  # dask takes a second and is an extra

        crew = DaskCrew(work.make, work.arguments, cluster, jobs)
    else:
        crew = LocalCrew(work.make, work.arguments, jobs)
    finished = False
    try:
        yield from _Foreman(crew, work).results(tasks)
        finished = True
    finally:
        crew.close(at_once=not finished)


class _Foreman(Generic[_Task, _Result]):
    """Hands tasks to a crew and sees to it that each is done or set aside."""

    def __init__(self, crew: Crew, work: Work[_Task, _Result]) -> None:
        self.crew, self.work = crew, work
        self.waiting: deque[tuple[_Task, Pending]] = deque()
        self._failed = 0

    def results(self, tasks: Iterable[_Task]) -> Iterator[list[_Result]]:
        """The results of each task, in order."""
        for task in tasks:
            self.waiting.append((task, self.crew.submit(task)))
            while len(self.waiting) > self.crew.ahead:
                yield from self._next()
        while self.waiting:
            yield from self._next()

    def _next(self) -> Iterator[list[_Result]]:
        """The results of the first task; of all that wait, if its worker has died."""
        task, pending = self.waiting.popleft()
        try:
            result = pending.result()
        except self.crew.lost:
            for _, other in self.waiting:
                other.exception()  # all else comes to its end, so that the suspects are alone
            suspects, self.waiting = [(task, pending), *self.waiting], deque()
            self.crew.recover()
            for task, pending in suspects:
                yield self._apart(task) if isinstance(pending.exception(), self.crew.lost) else pending.result()
            return
        self._failed = 0
        yield result

    def _apart(self, task: _Task) -> list[_Result]:
        """The results of a task that was in the hands of a worker that died: once more by itself, then piece by piece."""
        with contextlib.suppress(*self.crew.lost):
            return self._alone(task)
        found: list[_Result] = []
        for piece in self.work.split(task):
            try:
                found.extend(self._alone(piece))
            except self.crew.lost as error:
                self._failed += 1
                if self.work.set_aside is None or self._failed >= _HOPELESS:
                    raise CrewError(
                        "worker processes are killed whatever they are given, perhaps for want of memory (run again with fewer --jobs)"
                    ) from error
                found.extend(self.work.set_aside(piece))
        return found

    def _alone(self, task: _Task) -> list[_Result]:
        try:
            result = self.crew.submit(task).result()
        except self.crew.lost:
            self.crew.recover()
            raise
        self._failed = 0
        return result


class LocalCrew:
    """Processes of this machine."""

    lost: tuple[type[BaseException], ...] = (BrokenProcessPool,)

    def __init__(self, make: Callable[..., Any], arguments: tuple[object, ...], jobs: int) -> None:
        self.ahead = 2 * jobs
        self._jobs, self._payload = jobs, pickle.dumps((make, arguments), pickle.HIGHEST_PROTOCOL)
        self._pool = self._open()

    def _open(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self._jobs, multiprocessing.get_context("spawn"), _start, (self._payload,))

    def submit(self, task: Any) -> Pending:
        """Hand out a task."""
        try:
            return self._pool.submit(_run, task)
        except BrokenProcessPool:  # a worker died while it had nothing to do
            self.recover()
            return self._pool.submit(_run, task)

    def recover(self) -> None:
        """New processes for those that are gone."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._pool = self._open()

    def close(self, at_once: bool) -> None:
        """Let the processes go."""
        processes = list((getattr(self._pool, "_processes", None) or {}).values())
        self._pool.shutdown(wait=not at_once, cancel_futures=True)
        for process in processes if at_once else ():
            process.terminate()


# ---------------------------------------------------------------------------------------------------- in a worker process

_made: list[Any] = []  # the payload of this worker process, then its function


def _start(payload: bytes) -> None:
    """Begin a worker process. Its function is made with the first task, so that what goes wrong is told as any error is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process of a terminal; the parent says what follows
    _made.append(payload)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this worker when its parent is gone, killed or not."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _run(task: Any) -> list[Any]:
    if isinstance(_made[0], bytes):
        _made[0] = unpack(_made[0])
    return list(_made[0](task))


def unpack(payload: bytes) -> Callable[[Any], Iterable[Any]]:
    """The function that `payload` makes: bytes of this run's own parent process."""
    with no_collection():
        make, arguments = pickle.loads(payload)
    function: Callable[[Any], Iterable[Any]] = make(*arguments)
    return function
