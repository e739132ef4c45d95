"""`aie.utils.regdb`: register names by address."""

from ironbird.iron.address_decoder import AIEAddressDecoder
from ironbird.iron.register_comments import MLIRModuleAnnotator, main, parse_address_arg

__all__ = ["AIEAddressDecoder", "MLIRModuleAnnotator", "main", "parse_address_arg"]
