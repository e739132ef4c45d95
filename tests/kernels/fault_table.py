"""For every kernel: what it is called with, and each fault or the reason why it cannot have it.

A kernel without a row, or a row without a fault, fails tests/kernels/test_faults.py.
"""

from tests.kernels.attention_faults import ATTENTION_ROWS
from tests.kernels.attention_row_faults import ATTENTION_ROW_ROWS
from tests.kernels.element_wise_faults import ELEMENT_WISE_ROWS
from tests.kernels.fault_rows import Row
from tests.kernels.integer_product_faults import INTEGER_PRODUCT_ROWS
from tests.kernels.logits_faults import LOGITS_ROWS
from tests.kernels.mel_faults import MEL_ROWS
from tests.kernels.normalisation_faults import NORMALISATION_ROWS
from tests.kernels.product_faults import PRODUCT_ROWS
from tests.kernels.softmax_faults import SOFTMAX_ROWS

ROWS: dict[str, Row] = {
    **ELEMENT_WISE_ROWS,
    **SOFTMAX_ROWS,
    **NORMALISATION_ROWS,
    **PRODUCT_ROWS,
    **INTEGER_PRODUCT_ROWS,
    **LOGITS_ROWS,
    **ATTENTION_ROWS,
    **ATTENTION_ROW_ROWS,
    **MEL_ROWS,
}
