"""How one window is decoded, with openai-whisper's names, and what comes out."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ironbird.base.errors import UsageError
from whisper_pipeline.option_types import refuse_wrong_types


@dataclass(frozen=True, kw_only=True)
class DecodingOptions:
    """Defaults as openai-whisper's `DecodingOptions`.

    task:            transcribe, or translate to English.
    language:        of the audio; None detects it.
    temperature:     0 takes the likeliest token; above it tokens are sampled.
    sample_len:      the most tokens to sample; None for half the text context.
    best_of:         sampled candidates, of which the best is kept; only above temperature 0.
    beam_size:       beams; only at temperature 0.
    patience:        beams stop at round(beam_size * patience) finished candidates; None is 1.0.
    length_penalty:  0..1, alpha of arXiv:1609.08144; None divides by the length.
    prompt:          text or tokens that came before this window.
    prefix:          text or tokens that this window's text begins with.
    suppress_tokens: ids never sampled, also as a comma-separated text; -1 stands for those of
                     speaker tags and sound descriptions. None or empty suppresses nothing.
    suppress_blank:  whether the text may not begin with a space or be empty.
    without_timestamps: text without times.
    max_initial_timestamp: the latest first time, in seconds; None for any.
    """

    task: str = "transcribe"
    language: str | None = None
    temperature: float = 0.0
    sample_len: int | None = None
    best_of: int | None = None
    beam_size: int | None = None
    patience: float | None = None
    length_penalty: float | None = None
    prompt: str | Sequence[int] | None = None
    prefix: str | Sequence[int] | None = None
    suppress_tokens: str | Sequence[int] | None = "-1"
    suppress_blank: bool = True
    without_timestamps: bool = False
    max_initial_timestamp: float | None = 1.0

    def __post_init__(self) -> None:
        refuse_wrong_types(self)
        problem = self._problem()
        if problem is not None:
            raise UsageError(problem)
        _ = self.suppressed

    @property
    def candidate_count(self) -> int:
        """Texts decoded side by side for one window."""
        return self.beam_size or self.best_of or 1

    @property
    def suppressed(self) -> tuple[int, ...]:
        """`suppress_tokens` as ids; -1 may be among them."""
        if self.suppress_tokens is None or self.suppress_tokens == "":
            return ()
        if not isinstance(self.suppress_tokens, str):
            return tuple(self.suppress_tokens)
        try:
            return tuple(int(token) for token in self.suppress_tokens.split(","))
        except ValueError as error:
            raise UsageError(
                f"suppress_tokens={self.suppress_tokens!r} is not a list of token ids",
                fix="ids with commas between them, such as -1,220",
            ) from error

    def _problem(self) -> str | None:
        if self.beam_size is not None and self.best_of is not None:
            return "beam_size and best_of exclude each other"
        if self.temperature == 0 and self.best_of is not None:
            return "best_of needs a temperature above 0: at 0 all candidates are equal"
        if self.patience is not None and self.beam_size is None:
            return "patience needs beam_size"
        if self.length_penalty is not None and not 0 <= self.length_penalty <= 1:
            return f"length_penalty={self.length_penalty} is not between 0 and 1"
        if not 0 <= self.temperature < math.inf:
            return f"temperature={self.temperature} is not a number from 0 on"
        if self.max_initial_timestamp is not None and not self.max_initial_timestamp >= 0:
            return f"max_initial_timestamp={self.max_initial_timestamp} is not a time from 0 on"
        if self.patience is not None and not 0 < self.patience < math.inf:
            return f"patience={self.patience} is not a number above 0"
        for name in ("beam_size", "best_of", "sample_len"):
            value = getattr(self, name)
            if value is not None and value < 1:
                return f"{name}={value} is below 1"
        if self.beam_size is not None and round(self.beam_size * (self.patience or 1.0)) < 1:
            return f"beam_size={self.beam_size} with patience={self.patience} keeps no candidate"
        return None


@dataclass(frozen=True, kw_only=True)
class DecodingResult:
    """One window's text.

    tokens:            from the first sampled one up to the end of text, which is left out.
    avg_logprob:       the sum of the tokens' log probabilities, end included, over their number.
    no_speech_prob:    of `<|nospeech|>` right after the start.
    compression_ratio: bytes of the text over bytes after zlib; high for repetitions.
    """

    language: str
    tokens: list[int] = field(default_factory=list)
    text: str = ""
    avg_logprob: float = math.nan
    no_speech_prob: float = math.nan
    temperature: float = math.nan
    compression_ratio: float = math.nan
    language_probs: Mapping[str, float] | None = None
