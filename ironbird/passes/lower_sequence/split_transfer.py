"""A transfer of any shape as runs of descriptors that the hardware can hold.

The pattern of a whole transfer has its repeats outermost. A run is one task on a channel: a
descriptor's pattern, visited `runs` times, with an iteration step in between. The runs one after
the other visit what the transfer visits, in its order.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from ironbird.base.access_pattern import AccessPattern, DescriptorLimits, why_not_one_descriptor


@dataclass(frozen=True)
class Run:
    """One task: `pattern` visited `runs` times, starting `iteration[1]` elements further each time.

    iteration: (size, stride); after `size` visits it starts over. None: every visit is the same.
    """

    pattern: AccessPattern
    runs: int = 1
    iteration: tuple[int, int] | None = None


@dataclass(frozen=True)
class Splitter:
    """Splits transfers for one kind of tile.

    max_runs: how often one task may visit its descriptor.
    """

    element_bytes: int
    limits: DescriptorLimits
    max_runs: int

    def runs(self, transfer: AccessPattern) -> Iterator[Run]:
        """The runs that make up `transfer`, few where few suffice.

        Raises ValueError with the reason if no number of descriptors does: only whole words move.
        """
        whole = transfer.simplified()
        for pattern in (whole, self._factored(whole)):
            for visited in range(min(3, len(pattern.sizes) + 1)):
                run = self._one_run(pattern, visited)
                if run is not None:
                    yield run
                    return
        if not whole.sizes or (len(whole.sizes) == 1 and whole.strides[0] == 1):
            step = self._longest_run()
            if not whole.sizes or whole.sizes[0] <= step:
                raise ValueError(why_not_one_descriptor(whole, self.element_bytes, self.limits))
        else:
            step = self._visits_of_one_task(whole)
        for part in _cut(whole, step):
            yield from self.runs(part)

    def _one_run(self, pattern: AccessPattern, visited: int) -> Run | None:
        """`pattern` as one run that visits its `visited` outermost dimensions, if that is legal."""
        inner = AccessPattern(pattern.offset, pattern.sizes[visited:], pattern.strides[visited:])
        if why_not_one_descriptor(inner, self.element_bytes, self.limits) is not None:
            return None
        visits = list(zip(pattern.sizes[:visited], pattern.strides[:visited], strict=True))
        runs = math.prod(size for size, _ in visits)
        moving = [visit for visit in visits if visit[1] != 0]
        if runs > self.max_runs:
            return None
        if not moving:
            return Run(inner, runs)
        # A repeat may stand round the iteration, which starts over; it cannot stand inside.
        if len(moving) > 1 or visits[-1] != moving[0] or not self.can_iterate(*moving[0]):
            return None
        return Run(inner, runs, moving[0])

    def can_iterate(self, size: int, stride: int) -> bool:
        """Whether a descriptor's iteration can take `size` steps of `stride` elements."""
        words, rest = divmod(stride * self.element_bytes, 4)
        longest = self.limits.max_iteration_step_words
        return rest == 0 and size <= self.limits.max_iteration and 1 <= words <= longest

    def _factored(self, pattern: AccessPattern) -> AccessPattern:
        """`pattern` with each size that exceeds a wrap as a product of two, if it has factors."""
        sizes, strides = list(pattern.sizes[:1]), list(pattern.strides[:1])
        for size, stride in zip(pattern.sizes[1:], pattern.strides[1:], strict=True):
            contiguous = stride == 1
            longest = self._longest_wrap() if contiguous else self.limits.max_wrap
            unit = max(1, 4 // self.element_bytes) if contiguous else 1
            if size > longest:
                factor = max(
                    (n for n in range(unit, longest + 1, unit) if size % n == 0), default=1
                )
                sizes.append(size // factor)
                strides.append(stride * factor)
                size = factor
            sizes.append(size)
            strides.append(stride)
        return AccessPattern(pattern.offset, tuple(sizes), tuple(strides))

    def _longest_wrap(self) -> int:
        return self.limits.max_wrap * 4 // self.element_bytes

    def _longest_run(self) -> int:
        return self.limits.max_length_words * 4 // self.element_bytes

    def _visits_of_one_task(self, pattern: AccessPattern) -> int:
        """How many steps of the outermost dimension to hand to one task."""
        most = self.max_runs if pattern.strides[0] == 0 else self.limits.max_iteration
        return most if pattern.sizes[0] > most else 1


def _cut(pattern: AccessPattern, step: int) -> Iterator[AccessPattern]:
    """`pattern` in pieces of `step` along its outermost dimension."""
    size, stride = pattern.sizes[0], pattern.strides[0]
    for start in range(0, size, step):
        count = min(step, size - start)
        offset = pattern.offset + start * stride
        yield AccessPattern(offset, (count, *pattern.sizes[1:]), pattern.strides)
