"""Two small helpers of upstream's jit that programs import: a bounded cache, and a file lock."""

import time
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ironbird.base.errors import ToolError
from ironbird.base.source_line import author_line

POLL_SECONDS = 0.05


class CircularCache:
    """A mapping that forgets the oldest entry when it holds more than `max_size`."""

    def __init__(self, max_size: int) -> None:
        self.max_size = max_size
        self._entries: OrderedDict[Hashable, Any] = OrderedDict()

    def __contains__(self, key: Hashable) -> bool:
        return key in self._entries

    def __getitem__(self, key: Hashable) -> Any:
        return self._entries[key]

    def __setitem__(self, key: Hashable, value: Any) -> None:
        self._entries.pop(key, None)
        self._entries[key] = value
        while len(self._entries) > self.max_size:
            self._entries.popitem(last=False)

    def __len__(self) -> int:
        return len(self._entries)

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()


@contextmanager
def file_lock(lock_file_path: str | Path, timeout_seconds: float = 60) -> Iterator[None]:
    """Hold a lock between processes: whoever creates the file holds it, and removes it.

    Raises ToolError if somebody else holds it for longer than the timeout.
    """
    path = Path(lock_file_path)
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + timeout_seconds
    while not _created(path):
        if time.monotonic() >= deadline:
            raise ToolError(
                f"the lock {path} is held by somebody else",
                at=author_line(),
                because=f"it was not let go within {timeout_seconds:g} s",
                fix="remove the file if no process holds it",
            )
        time.sleep(POLL_SECONDS)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _created(path: Path) -> bool:
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True
