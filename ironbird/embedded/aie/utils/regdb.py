"""`aie.utils.regdb`: register names by address. Ours are in `ironbird.base.npu1_registers`."""

from ironbird.iron.upstream_names import absent

__getattr__ = absent(
    __name__,
    ["AIEAddressDecoder", "MLIRModuleAnnotator", "main", "parse_address_arg"],
    instead="`python -m ironbird run MODULE.mlir`, which names the registers it refuses",
)
