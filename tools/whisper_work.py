"""What Whisper computes and moves by its dimensions: the least that any machine has to.

One multiply-accumulate is two operations; weights, keys and values are bf16.
"""

from dataclasses import dataclass

from whisper_pipeline.dimensions import ModelDimensions

ELEMENT_BYTES = 2
TOKENS_A_WINDOW = 100
"""Speech has about 3.3 a second."""


@dataclass(frozen=True)
class WhisperWork:
    """Of one window of 30 s."""

    dimensions: ModelDimensions

    @property
    def convolutions(self) -> float:
        """Operations of two convolutions three frames wide; the second takes every other frame."""
        wide, length = self.dimensions.n_audio_state, self.dimensions.n_audio_ctx
        return 2 * 3 * wide * length * (2 * self.dimensions.n_mels + wide)

    @property
    def encoder_layers(self) -> float:
        """Operations: projections of 4 squares, a perceptron of 8, scores and mixtures."""
        wide, length = self.dimensions.n_audio_state, self.dimensions.n_audio_ctx
        return self.dimensions.n_audio_layer * 2 * (12 * wide**2 * length + 2 * wide * length**2)

    @property
    def pairs(self) -> float:
        """Operations of all decoder layers' keys and values of the audio."""
        wide, length = self.dimensions.n_text_state, self.dimensions.n_audio_ctx
        return self.dimensions.n_text_layer * 2 * 2 * wide**2 * length

    @property
    def decoder_weights(self) -> int:
        """Elements read for one token, or for several windows' tokens at once."""
        wide = self.dimensions.n_text_state
        return self.dimensions.n_text_layer * 14 * wide**2 + self.dimensions.n_vocab * wide

    @property
    def pair_elements(self) -> int:
        """Keys and values of the audio, read for each token of a window."""
        return (
            self.dimensions.n_text_layer
            * 2
            * self.dimensions.n_audio_ctx
            * self.dimensions.n_text_state
        )

    def step_bytes(self, windows: int) -> int:
        """Read for one token of each of `windows` windows; what is written is little."""
        return ELEMENT_BYTES * (self.decoder_weights + windows * self.pair_elements)

    def step_operations(self, windows: int) -> float:
        """Of one token each; scores and mixtures of the audio are one operation an element."""
        return 2 * windows * (self.decoder_weights + self.pair_elements)
