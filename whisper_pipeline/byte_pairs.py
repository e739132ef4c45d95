"""Text to token ids and back by byte-pair encoding, as GPT-2 does it.

A text is cut into pieces (words with their leading space, numbers, punctuation, spaces); in each
piece the neighbouring pair of the lowest rank is joined until no pair has a rank. Prompts are
short, so plain Python is fast enough; the result equals that of `tiktoken`.
Source: "Language Models are Unsupervised Multitask Learners" (GPT-2), section 2.2.
"""

import base64
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

VOCABULARY = Path(__file__).parent / "vocabulary"

CONTRACTIONS = ("'s", "'t", "'re", "'ve", "'m", "'ll", "'d")

WHITE_SPACE = frozenset(
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""Unicode's White_Space property; `str.isspace` also takes the separators U+001C..U+001F."""


@dataclass(frozen=True)
class BytePairs:
    """A vocabulary of byte strings. `tokens[i]` is the bytes of id i; a lower id joins earlier."""

    tokens: tuple[bytes, ...]

    @cached_property
    def ranks(self) -> dict[bytes, int]:
        """The id of each byte string."""
        return {token: rank for rank, token in enumerate(self.tokens)}

    def encode(self, text: str) -> list[int]:
        """The ids of `text`. A lone surrogate counts as U+FFFD."""
        valid = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return [
            token for piece in pieces(valid) for token in self._encode_piece(piece.encode("utf-8"))
        ]

    def _encode_piece(self, piece: bytes) -> list[int]:
        if piece in self.ranks:
            return [self.ranks[piece]]
        parts = [piece[index : index + 1] for index in range(len(piece))]
        while True:
            candidates = [
                (self.ranks[pair], index)
                for index in range(len(parts) - 1)
                if (pair := parts[index] + parts[index + 1]) in self.ranks
            ]
            if not candidates:
                return [self.ranks[part] for part in parts]
            _, index = min(candidates)
            parts[index : index + 2] = [parts[index] + parts[index + 1]]


@lru_cache
def byte_pairs(name: str) -> BytePairs:
    """The shipped vocabulary `gpt2` or `multilingual`."""
    lines = (VOCABULARY / f"{name}.tiktoken").read_text(encoding="ascii").splitlines()
    ranked = [line.split() for line in lines if line]
    by_rank = sorted((int(rank), base64.b64decode(token)) for token, rank in ranked)
    return BytePairs(tuple(token for _, token in by_rank))


def pieces(text: str) -> Iterator[str]:
    """Cut `text` where byte pairs never join: contractions, words, numbers, the rest, spaces.

    A single space goes with what follows it, unless that is space too.
    """
    at = 0
    while at < len(text):
        end = _piece_end(text, at)
        yield text[at:end]
        at = end


def _piece_end(text: str, at: int) -> int:
    for contraction in CONTRACTIONS:
        if text.startswith(contraction, at):
            return at + len(contraction)
    first = at + 1 if text[at] == " " and at + 1 < len(text) else at
    kind = _kind(text[first])
    if kind != "space":
        return _run_end(text, first)
    end = _run_end(text, at)
    followed = end < len(text)
    return end - 1 if followed and end - at > 1 else end


def _run_end(text: str, at: int) -> int:
    kind = _kind(text[at])
    end = at + 1
    while end < len(text) and _kind(text[end]) == kind:
        end += 1
    return end


def _kind(character: str) -> str:
    if character in WHITE_SPACE:
        return "space"
    category = unicodedata.category(character)[0]
    return {"L": "letter", "N": "number"}.get(category, "other")
