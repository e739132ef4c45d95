"""Simulated time: a queue of (time, order, serial, agent), as runtime/events.hpp orders it."""

import heapq

_MASK = 2**64 - 1


class Random:
    """splitmix64."""

    def __init__(self, seed: int) -> None:
        self._state = seed & _MASK

    def next(self) -> int:
        """64 random bits."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return mixed ^ (mixed >> 31)


class Events:
    """Without a seed simultaneous events come in the order they were made; with one, at random."""

    def __init__(self, seed: int | None) -> None:
        self.now = 0
        self.taken = 0
        self._random = Random(seed) if seed is not None else None
        self._serial = 0
        self._queue: list[tuple[int, int, int, int]] = []

    def push(self, time: int, agent: int) -> None:
        """Wake `agent` at `time`. With a seed one event in eight comes up to 255 cycles late."""
        order = 0
        if self._random is not None:
            drawn = self._random.next()
            if drawn & 7 == 0:
                time += (drawn >> 8) & 255
            order = drawn >> 32
        heapq.heappush(self._queue, (time, order, self._serial, agent))
        self._serial += 1

    def __bool__(self) -> bool:
        return bool(self._queue)

    @property
    def next_time(self) -> int:
        """When the next event is due."""
        return self._queue[0][0]

    def pop(self) -> int:
        """Let time pass until the next event; whose it is."""
        self.now, _, _, agent = heapq.heappop(self._queue)
        self.taken += 1
        return agent
