"""Work in bounded pieces: stories gathered into batches, and batches mapped over worker processes, results always in input order.

How stories are gathered depends on the input alone, never on the number of workers, so that results do not depend on it either.
"""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any, TypeVar

from coder.model import InputError, Story

BATCH_CHARACTERS = 60_000  # of one batch of stories: about 10,000 words
Batch = list[Story | InputError]
_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


def batches(items: Iterable[Story | InputError], limit: int = BATCH_CHARACTERS) -> Iterator[Batch]:
    """Stories, and the problems between them, in lists of at most `limit` characters of text (or one longer story)."""
    batch: Batch = []
    size = 0
    for item in items:
        length = len(item.text) if isinstance(item, Story) else 200
        if batch and size + length > limit:
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += length
    if batch:
        yield batch


def map_in_order(
    make: Callable[..., Callable[[_Task], Iterable[_Result]]], arguments: tuple[object, ...], tasks: Iterable[_Task], jobs: int
) -> Iterator[_Result]:
    """Results of each task, in the order of the tasks. The function that gives them comes from `make(*arguments)`, once in each of `jobs`
    processes. Tasks are taken from the iterable only as workers come free, so that memory stays flat."""
    if jobs == 1:
        function = make(*arguments)
        for task in tasks:
            yield from function(task)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context, initializer=_start, initargs=(make, arguments)) as pool:
        waiting: deque[Future[list[_Result]]] = deque()
        try:
            for task in tasks:
                waiting.append(pool.submit(_run, task))
                if len(waiting) > 2 * jobs:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


_functions: list[Callable[[Any], Iterable[Any]]] = []  # the one function of a worker process


def _start(make: Callable[..., Callable[[Any], Iterable[Any]]], arguments: tuple[object, ...]) -> None:
    _functions.append(make(*arguments))


def _run(task: Any) -> list[Any]:
    return list(_functions[0](task))
