"""Kill runs at random moments, go on with the same command, and compare the table with that of an unbroken run, byte by byte.

    python benchmarks/kill_runs.py --runs 50 --jobs 2
    python benchmarks/kill_runs.py --runs 50 --cluster local --workers   # kills the cluster's workers, the run itself goes on

Input are our own parsed samples many times over, so that no parser is needed. Each run is killed with -9 up to `--kills` times.
"""

import argparse
import gzip
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SAMPLES = Path(__file__).with_name("samples.conllu.gz")
# The parts of a short run are closed more often than those of a long one, so that there is something to go on with.
PROGRAM = "import coder.archive as a, coder.conllu as c, sys; a._SECONDS = 0.3; c.read_chunks.__defaults__ = (100_000, None)\nfrom coder.__main__ import main; main()"


def corpus(path: Path, copies: int) -> None:
    """The samples `copies` times, ids and texts made different."""
    text = gzip.decompress(SAMPLES.read_bytes()).decode("utf-8")
    with open(path, "w", encoding="utf-8") as stream:
        for number in range(copies):
            stream.write(text.replace("# newdoc id = ", f"# newdoc id = {number}-").replace('# story = {"id": "', f'# story = {{"id": "{number}-'))


def start(inputs: list[str], out: Path, options: list[str]) -> subprocess.Popen[bytes]:
    """`waqai code` in a process group of its own."""
    command = [sys.executable, "-c", PROGRAM, "code", *inputs, "--out", str(out), *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)


def kill(process: subprocess.Popen[bytes], workers: bool) -> bool:
    """Kill the run, or one of its worker processes. Gives whether there was something to kill."""
    if process.poll() is not None:
        return False
    if not workers:
        process.kill()
        return True
    tree = subprocess.run(["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout.splitlines()[1:]
    rows = [line.split(None, 2) for line in tree]
    family = {process.pid}
    for _ in range(4):
        family |= {int(pid) for pid, parent, *_ in rows if int(parent) in family}
    victims = [int(pid) for pid, _, *args in rows if int(pid) in family - {process.pid} and "spawn_main" in "".join(args)]
    if victims:
        os.kill(random.choice(victims), signal.SIGKILL)
    return bool(victims)


def main() -> int:
    """Run, kill, go on, compare; 0 if all tables are the same."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--copies", type=int, default=150)
    parser.add_argument("--jobs", default="1")
    parser.add_argument("--cluster", default="")
    parser.add_argument("--workers", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    random.seed(given.seed)
    options = ["--jobs", given.jobs, *(["--cluster", given.cluster] if given.cluster else [])]
    folder = Path(tempfile.mkdtemp())
    corpus(folder / "in.conllu", given.copies)
    began = time.monotonic()
    assert start([str(folder / "in.conllu")], folder / "whole.csv", options).wait() == 0
    length = time.monotonic() - began
    wanted = (folder / "whole.csv").read_bytes()
    same = killed = resumed = 0
    for number in range(given.runs):
        out, kills = folder / f"run{number}.csv", 0
        while True:
            process = start([str(folder / "in.conllu")], out, options)
            while kills < given.kills:
                time.sleep(random.uniform(0.2, length))
                if not kill(process, given.workers):
                    break
                kills += 1
                if not given.workers:
                    break
            if process.wait() == 0:
                break
            if process.returncode not in (-9, 130):
                print(process.stderr.read().decode() if process.stderr else "")
                return 1
            resumed += bool(list(folder.glob(f"run{number}.csv.parts/part-*.gz")))
        killed += kills
        good = out.read_bytes() == wanted and not out.with_name(out.name + ".parts").exists()
        same += good
        out.unlink()
        print(f"run {number}: {kills} kills, {'same' if good else 'DIFFERENT'}", flush=True)
    print(f"{same} of {given.runs} byte-identical ({len(wanted):,} bytes); {killed} kills, {resumed} resumed from parts; unbroken {length:.1f} s")
    return 0 if same == given.runs else 1


if __name__ == "__main__":
    sys.exit(main())
