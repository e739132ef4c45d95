"""For every kernel: what it is called with, and each fault or the reason why it cannot have it.

A kernel without a row, or a row without a fault, fails tests/kernels/test_faults.py.
"""

from tests.kernels.fault_row import Row
from tests.kernels.fault_rows import (
    attention,
    element_wise,
    logits,
    mel,
    normalisation,
    products,
    softmax,
)

ROWS: dict[str, Row] = {
    **element_wise.ROWS,
    **softmax.ROWS,
    **normalisation.ROWS,
    **products.ROWS,
    **logits.ROWS,
    **attention.ROWS,
    **mel.ROWS,
}
