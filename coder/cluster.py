"""The crew of a Dask cluster (`pip install waqai[cluster]`). The only module that imports dask; imported only where `--cluster` is given.

The workers need the same waqai and, for a parse store, the same path to it. A task whose worker dies is given to another by Dask; one that
has killed several (three in clusters that are started here, `distributed.scheduler.allowed-failures` + 1 in others) comes back as lost.
"""

import hashlib
import pickle
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from coder.cache import code_digest
from coder.crew import CrewError, Pending, unpack

try:
    import dask
    from distributed import Client, KilledWorker, LocalCluster, WorkerPlugin, get_worker, wait
except ImportError as missing:
    raise CrewError(f"--cluster needs Dask: {missing} (pip install waqai[cluster])") from missing

OWN = {  # settings of clusters that are started here; the second: a worker that starts again on a busy machine is not given up meanwhile
    "distributed.scheduler.allowed-failures": 2,
    "distributed.deploy.lost-worker-timeout": "1 hour",
}
_WAIT = 120  # seconds for the scheduler, for the first worker, and for a result before the workers are looked after


class DaskCrew:
    """Workers of a cluster that runs already or is started for this run."""

    lost: tuple[type[BaseException], ...] = (KilledWorker,)

    def __init__(self, make: Callable[..., Any], arguments: tuple[object, ...], where: str, jobs: int) -> None:
        self._jobs = jobs
        self._cluster, self._client = connect(where, jobs)
        payload = pickle.dumps((make, arguments), pickle.HIGHEST_PROTOCOL)
        self._name = "waqai-" + hashlib.sha256(payload).hexdigest()[:16]
        try:
            self._client.wait_for_workers(1, timeout=_WAIT)
            self._client.register_plugin(_Hand(self._name, payload, code_digest()))
        except Exception as error:  # dask raises many kinds
            self.close(at_once=True)
            raise CrewError(f"the cluster {where} cannot work: {error} (the workers need this version of waqai)") from error
        threads = sum(self._client.nthreads().values())
        self.ahead = 2 * max(jobs, threads) + 2

    def submit(self, task: Any) -> Pending:
        """Hand out a task."""
        return _Pending(self, self._client.submit(_run, self._name, task, pure=False))

    def look_after(self) -> None:
        """Called while nothing comes: start workers again where all are gone. Raises CrewError where that is for others to do."""
        if self._client.scheduler_info()["workers"]:
            return
        if self._cluster is None:
            raise CrewError("the cluster has no workers any more (start some; the same command then goes on where it was)")
        self._cluster.scale(n=self._jobs)

    def recover(self) -> None:
        """Nothing: the cluster replaces its workers."""

    def close(self, at_once: bool) -> None:
        """Leave the cluster; end it if it was started for this run."""
        for part in (self._client, self._cluster):
            if part is not None:
                part.close()


class _Pending:
    """Dask's future, waited for without end only while there are workers."""

    def __init__(self, crew: DaskCrew, future: Any) -> None:
        self._crew, self._future = crew, future

    def result(self) -> list[Any]:
        """Wait for the result; raises what the task raised, KilledWorker, or CrewError."""
        self._wait()
        found: list[Any] = self._future.result()
        return found

    def exception(self) -> BaseException | None:
        """Wait, and give what `result` would raise."""
        self._wait()
        error: BaseException | None = self._future.exception()
        return error

    def _wait(self) -> None:
        while not self._future.done():
            try:
                wait([self._future], timeout=_WAIT)
            except TimeoutError:
                self._crew.look_after()


def connect(where: str, jobs: int) -> tuple[Any, Any]:
    """(cluster, client): `local` and `slurm` start a cluster of `jobs` workers, a file is a scheduler file, anything else an address. The
    cluster is None where it was not started here. Raises CrewError."""
    cluster = None
    try:
        if where in ("local", "slurm"):
            dask.config.set(OWN)
        if where == "local":
            cluster = LocalCluster(n_workers=jobs, threads_per_worker=1, dashboard_address=None)
        elif where == "slurm":
            cluster = _slurm(jobs)
        if cluster is not None:
            return cluster, Client(cluster, timeout=_WAIT)
        if Path(where).is_file():
            return None, Client(scheduler_file=where, timeout=_WAIT)
        return None, Client(where, timeout=_WAIT)
    except (OSError, ValueError, TypeError, RuntimeError, ImportError) as error:
        if cluster is not None:
            cluster.close()
        raise CrewError(f"no cluster at {where}: {error} (an address such as tcp://host:8786, a scheduler file, slurm or local)") from error


def _slurm(jobs: int) -> Any:
    """`jobs` workers of one core each as Slurm jobs; what `~/.config/dask/jobqueue.yaml` says of memory, queue and time counts."""
    from dask_jobqueue import SLURMCluster

    given = dask.config.get("jobqueue.slurm", {}) or {}
    wanted = {
        "cores": given.get("cores") or 1,
        "processes": given.get("processes") or given.get("cores") or 1,
        "memory": given.get("memory") or "4GB",
    }
    cluster = SLURMCluster(**wanted)
    cluster.scale(n=jobs)
    return cluster


class _Hand(WorkerPlugin):  # type: ignore[misc]
    """What each worker keeps: the function, made with the first task."""

    def __init__(self, name: str, payload: bytes, code: str) -> None:
        self.name, self.payload, self.code = name, payload, code

    def setup(self, worker: Any) -> None:
        """Called in every worker, also in those that come later."""
        here = code_digest()
        if here != self.code:
            raise RuntimeError(f"a worker has another waqai ({here}) than this machine ({self.code})")
        self.lock = threading.Lock()
        self.function: Any = None

    def work(self, task: Any) -> list[Any]:
        """One task at a time, whatever the worker's threads: neither torch's settings nor Stanza are made for several."""
        with self.lock:
            if self.function is None:
                self.function = unpack(self.payload)
            return list(self.function(task))


def _run(name: str, task: Any) -> list[Any]:
    hand: _Hand = get_worker().plugins[name]
    return hand.work(task)
