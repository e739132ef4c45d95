"""Contracts of choosing among logits: their ranks, the highest of them, and merging such lists."""

from collections.abc import Mapping

import numpy as np

from aie_kernels.contract import Array, KernelContract, Role, buffer, scalar
from ironbird.base.tolerance import EXACT

WORD_BITS = 32
"""Ids that one word of `forbidden` tells about."""

RANK_OF_INFINITY = 0x7F800000
RANK_OF_NAN = 0x7FFFFFFF
RANK_OF_FORBIDDEN = -0x80000000
NO_ID = -1

MOST_CHOSEN = 8
"""Whisper's beams are 5 wide and take one more; a core reads its ranks once for each."""


def rank_f32_i32(element_count: int = 256, forbidden_words: int = 32) -> KernelContract:
    """The order of logits as int32, those that are forbidden last."""
    return KernelContract(
        symbol="rank_f32_i32",
        source="rank.cc",
        arguments=(
            buffer("logits", Role.IN, "f32", element_count),
            buffer("forbidden", Role.IN, "i32", forbidden_words),
            buffer("ranks", Role.OUT, "i32", element_count),
            scalar("first_word", *range(forbidden_words - element_count // WORD_BITS, -1, -1)),
            scalar("element_count", element_count),
        ),
        reference=_rank_reference,
        tolerance=EXACT,
        operations=element_count,
    )


def top_k_i32(element_count: int = 256, count: int = 5) -> KernelContract:
    """The highest ranks and their ids."""
    return KernelContract(
        symbol="top_k_i32",
        source="top_k.cc",
        arguments=(
            buffer("ranks", Role.INOUT, "i32", element_count),
            buffer("best", Role.OUT, "i32", 2 * count),
            scalar("first_id"),
            scalar("element_count", element_count),
            scalar("count", count),
        ),
        reference=_top_k_reference,
        tolerance=EXACT,
        operations=element_count * count,
    )


def top_k_merge_i32(count: int = 5) -> KernelContract:
    """The highest of two lists."""
    return KernelContract(
        symbol="top_k_merge_i32",
        source="top_k.cc",
        arguments=(
            buffer("theirs", Role.IN, "i32", 2 * count),
            buffer("ours", Role.IN, "i32", 2 * count),
            buffer("best", Role.OUT, "i32", 2 * count),
            scalar("count", count),
        ),
        reference=_merge_reference,
        tolerance=EXACT,
        operations=count,
    )


def ranks_of(logits: Array) -> Array:
    """The place of each float32 among the numbers: neighbours differ by one, both zeros are 0.

    Shapes  any; result as given.
    Dtypes  float32 in; int32 out.
    Units   NaN of either sign is above plus infinity, as in torch.topk.
    """
    bits = np.ascontiguousarray(logits, np.float32).view(np.int32)
    magnitude = bits & 0x7FFFFFFF
    numbers = np.where(bits < 0, -magnitude, magnitude)
    return np.where(magnitude > RANK_OF_INFINITY, RANK_OF_NAN, numbers).astype(np.int32)


def logits_of(ranks: Array) -> Array:
    """The float32 of each rank; minus infinity for what is forbidden, plus zero for either zero.

    Shapes  any; result as given.
    """
    numbers = np.abs(ranks).view(np.float32)
    numbers = np.where(ranks < 0, -numbers, numbers)
    return np.where(ranks == RANK_OF_FORBIDDEN, np.float32(-np.inf), numbers)


def forbidden_words(forbidden: Array) -> Array:
    """One bit an id, packed as the kernel reads them.

    Shapes  forbidden [..., ids], a multiple of 32 ids; result [..., ids / 32].
    Dtypes  bool in; int32 out, id 0 in the lowest bit of word 0.
    """
    packed = np.packbits(forbidden, axis=-1, bitorder="little")
    return np.ascontiguousarray(packed).view("<i4").astype(np.int32)


def highest(ranks: Array, count: int) -> tuple[Array, Array]:
    """The `count` highest ranks of a row and where they stand; of equal ones the first.

    Shapes  ranks [ids]; results [count] and [count].
    Dtypes  int32. Where fewer may be chosen: RANK_OF_FORBIDDEN and NO_ID.
    """
    order = np.argsort(-ranks.astype(np.int64), kind="stable")[:count]
    places = np.where(ranks[order] == RANK_OF_FORBIDDEN, NO_ID, order)
    return ranks[order], places.astype(np.int32)


def _rank_reference(
    logits: Array, forbidden: Array, first_word: int, **_: object
) -> Mapping[str, Array]:
    words = forbidden[first_word:][: logits.size // WORD_BITS]
    bits = np.unpackbits(words.astype("<i4").view(np.uint8), bitorder="little").astype(bool)
    return {"ranks": np.where(bits, RANK_OF_FORBIDDEN, ranks_of(logits)).astype(np.int32)}


def _top_k_reference(ranks: Array, first_id: int, count: int, **_: object) -> Mapping[str, Array]:
    chosen, places = highest(ranks, count)
    left = ranks.copy()
    left[places[places != NO_ID]] = RANK_OF_FORBIDDEN
    ids = np.where(places == NO_ID, NO_ID, places + first_id)
    return {"ranks": left, "best": np.concatenate([chosen, ids]).astype(np.int32)}


def _merge_reference(theirs: Array, ours: Array, count: int, **_: object) -> Mapping[str, Array]:
    (their_ranks, their_ids), (our_ranks, our_ids) = np.split(theirs, 2), np.split(ours, 2)
    ranks, ids = np.concatenate([their_ranks, our_ranks]), np.concatenate([their_ids, our_ids])
    order = np.lexsort((ids, -ranks.astype(np.int64)))[:count]
    return {"best": np.concatenate([ranks[order], ids[order]]).astype(np.int32)}
