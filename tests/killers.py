"""Work whose tasks kill the process they run in; a module of its own because worker processes import it."""

import os
from pathlib import Path


class Killer:
    """Gives each word of a task back; counts its tries in `folder`; a word `kill` kills the process, `once` only the first time."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)

    def __call__(self, task: str):
        """The words of a task."""
        for word in task.split():
            with open(self.folder / word, "a") as stream:
                stream.write("x")
            if word.startswith("kill") or word == "once" and (self.folder / word).stat().st_size == 1:
                os._exit(9)
            if word == "fail":
                raise ValueError("a fault of the task itself")
            yield word


def split(task: str) -> list[str]:
    """Single words."""
    return task.split()


def set_aside(word: str) -> list[str]:
    """What is said of a word that kills."""
    return [f"({word})"]
