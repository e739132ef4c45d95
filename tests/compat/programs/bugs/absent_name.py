"""A name that upstream has and the embedded IRON has not."""

from aie.dialects.aie import get_target_model  # BUG

print(get_target_model)
