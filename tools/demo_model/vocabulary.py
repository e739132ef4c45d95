"""The 1,767 tokens the demo model uses, out of Whisper's 51,865, as rows of a compact embedding.

Rows: the text tokens of the grammar in rising order, then the special tokens, then the timestamps,
then one row that stands for all the tokens that are never used.
"""

from functools import cache

from tools.demo_model import grammar
from whisper_pipeline.tokenizer import SECONDS_PER_TIMESTAMP, TIMESTAMP_COUNT, tokenizer_for

TOKEN_COUNT = 51_865
END_OF_TEXT = 50_257
START_OF_TRANSCRIPT = 50_258
ENGLISH = 50_259
TRANSCRIBE = 50_359
START_OF_PREVIOUS = 50_361
NO_SPEECH = 50_362
NO_TIMESTAMPS = 50_363
FIRST_TIMESTAMP = 50_364

SPECIALS = (
    END_OF_TEXT,
    START_OF_TRANSCRIPT,
    ENGLISH,
    TRANSCRIBE,
    START_OF_PREVIOUS,
    NO_SPEECH,
    NO_TIMESTAMPS,
)


class Vocabulary:
    """Text to rows and back.

    ids: the token of every row but the last. row: the row of every used token.
    """

    def __init__(self, tokens_of_piece: dict[str, list[int]]) -> None:
        self._tokens_of_piece = tokens_of_piece
        text = sorted({token for tokens in tokens_of_piece.values() for token in tokens})
        timestamps = range(FIRST_TIMESTAMP, FIRST_TIMESTAMP + TIMESTAMP_COUNT)
        self.ids: list[int] = [*text, *SPECIALS, *timestamps]
        self.row: dict[int, int] = {token: row for row, token in enumerate(self.ids)}
        self.text_count = len(text)
        self.row_count = len(self.ids) + 1
        self.unused_count = TOKEN_COUNT - len(self.ids)
        self.first_timestamp = self.row[FIRST_TIMESTAMP]

    def encode(self, text: str) -> list[tuple[int, int]]:
        """(row, first character in `text`) of every token."""
        encoded, character = [], -1
        for piece in grammar.pieces(text):
            start = character + piece.startswith(" ")
            encoded += [(self.row[token], start) for token in self._tokens_of_piece[piece]]
            character += len(piece)
        return encoded

    def timestamp(self, seconds: float) -> int:
        """The row of the timestamp nearest to `seconds` from the start of the window."""
        return self.first_timestamp + round(seconds / SECONDS_PER_TIMESTAMP)


@cache
def whisper_vocabulary() -> Vocabulary:
    """The vocabulary that belongs to the grammar."""
    tokenizer = tokenizer_for(TOKEN_COUNT)
    return Vocabulary({piece: tokenizer.encode(piece) for piece in grammar.all_pieces()})
