"""Where an index lives on disk: complete builds side by side, and a link that says which one is in use.

`current` is swapped by a rename, which is atomic: a reader sees the old build or the new one, whole. A writer holds a file
lock that dies with its process. Builds of another schema are never opened.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .interface import IndexBusy
from .schema import FORMAT


class Builds:
    """The builds in a directory, which is made with mode 0700: Whoosh keeps pickles, so nobody else may write there."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._link = directory / "current"

    def current(self) -> Path | None:
        """The build in use, None if there is none of this format."""
        try:
            name = os.readlink(self._link)
        except FileNotFoundError:
            return None
        return self._directory / name if name.startswith(f"v{FORMAT}-") else None

    def new(self) -> Path:
        """An empty directory for another build."""
        build = self._directory / f"v{FORMAT}-{time.time_ns()}"
        build.mkdir(mode=0o700)
        return build

    def switch(self, build: Path) -> None:
        """Put a build to use."""
        link = self._directory / f"next-{os.getpid()}-{time.time_ns()}"
        link.symlink_to(build.name)
        link.replace(self._link)

    def sweep(self) -> None:
        """Remove builds not in use, also those of killed processes. Readers keep the files they have open."""
        used = self.current()
        for path in [*self._directory.glob("v*-*"), *self._directory.glob("next-*")]:
            if path.is_symlink():
                path.unlink(missing_ok=True)
            elif path != used:
                shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def lock(self, name: str, timeout: float) -> Iterator[None]:
        """Hold the lock of this name; waits up to `timeout` seconds. Raises IndexBusy."""
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self._directory / f"{name}.lock").open("w") as file:
            deadline = time.monotonic() + timeout
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() >= deadline:
                        raise IndexBusy("Поисковый указатель сейчас обновляется. Повторите немного позже.") from None
                    time.sleep(0.02)
            yield
