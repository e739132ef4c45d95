"""Weights as the designs take them, laid out once."""

from dataclasses import dataclass, field

import numpy as np

from designs import conv1d, linear, mv
from designs.case import BFLOAT16, Array, padded


@dataclass
class LinearWeights:
    """weight [out, in]; bias [out] or None.

    Laid out when first used: how depends on the layer's end, which is always the same, and not on
    the number of rows. From then on only the laid out is kept.
    """

    weight: Array | None
    bias: Array | None
    columns: int = field(init=False)
    _laid_out: Array | None = None

    def __post_init__(self) -> None:
        assert self.weight is not None
        self.columns = len(self.weight)

    def tensor(self, case: linear.Case) -> Array:
        """For the design's program."""
        if self._laid_out is None:
            assert self.weight is not None
            self._laid_out = linear.laid_out_weights(case, self.weight.T, self.bias)
            self.weight = self.bias = None
        return self._laid_out


@dataclass(frozen=True)
class NormWeights:
    """tensor [2 width]: gain, then bias, bf16."""

    tensor: Array

    @classmethod
    def laid_out(cls, gain: Array, bias: Array) -> "NormWeights":
        """gain and bias [width]."""
        return cls(np.concatenate([gain, bias]).astype(BFLOAT16))


@dataclass
class ConvolutionWeights:
    """weight [out, in, 3]; bias [out]; positions [positions, out], to be added, or None.

    Laid out when first used.
    """

    weight: Array
    bias: Array
    positions: Array | None
    _laid_out: Array | None = None
    _laid_out_positions: Array | None = None

    def tensor(self, case: conv1d.Case) -> Array:
        """For the design's program."""
        if self._laid_out is None:
            self._laid_out = conv1d.laid_out_weights(case, self.weight, self.bias)
        return self._laid_out

    def positions_tensor(self, rows: int) -> Array | None:
        """[rows, out] bf16, filled up with zeros."""
        if self._laid_out_positions is None and self.positions is not None:
            shape = (rows, self.positions.shape[1])
            self._laid_out_positions = padded(self.positions.astype(BFLOAT16), shape)
        return self._laid_out_positions


@dataclass
class EmbeddingWeights:
    """tokens [vocabulary, width] and positions [n_text_ctx, width], gathered on the host; and the
    tokens' again for logits.
    """

    tokens: Array
    positions: Array
    _laid_out: Array | None = None

    def tensor(self, case: mv.Case) -> Array:
        """For the design's program."""
        if self._laid_out is None:
            _, depth, columns = case.padded_sizes
            self._laid_out = padded(self.tokens.astype(BFLOAT16), (columns, depth))
        return self._laid_out
