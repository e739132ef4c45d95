"""The builders of placed designs, which authors import as `aie.dialects.aie` and `.aiex`.

Each makes one operation of `ironbird.ir` where the author stands, at the author's line. Numbers,
buffers and loops are those of `ironbird.iron`.
"""
