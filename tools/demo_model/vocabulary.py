"""The 1,764 tokens the demo model uses, out of Whisper's 51,865, as rows of a compact embedding.

Rows: the text tokens of the grammar in rising order, then the special tokens, then the timestamps,
then one row that stands for all the tokens that are never used.

`text_tokens.json` is Whisper's byte-pair encoding of every run of letters the grammar has, so that
training needs no tokenizer. It is written by
`python -m tools.demo_model.vocabulary` where openai-whisper is installed.
"""

import json
from functools import cache
from pathlib import Path

from tools.demo_model import grammar

TEXT_TOKENS = Path(__file__).with_name("text_tokens.json")

TOKEN_COUNT = 51_865
END_OF_TEXT = 50_257
START_OF_TRANSCRIPT = 50_258
ENGLISH = 50_259
TRANSCRIBE = 50_359
START_OF_PREVIOUS = 50_361
NO_SPEECH = 50_362
NO_TIMESTAMPS = 50_363
FIRST_TIMESTAMP = 50_364
TIMESTAMP_COUNT = 1_501
"""0.00 to 30.00 s in steps of 0.02 s."""
SECONDS_PER_TIMESTAMP = 0.02

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
    return Vocabulary(json.loads(TEXT_TOKENS.read_text()))


def main() -> None:
    """Write `text_tokens.json` with openai-whisper's tokenizer."""
    from whisper.tokenizer import get_tokenizer

    tokenizer = get_tokenizer(True, num_languages=99, language="en", task="transcribe")
    table = {piece: tokenizer.encode(piece) for piece in grammar.all_pieces()}
    lines = [f" {json.dumps(piece)}: {json.dumps(tokens)}" for piece, tokens in table.items()]
    TEXT_TOKENS.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
