"""Running upstream's passes by name: refused, the embedded IRON lowers for its simulator."""

from ironbird.iron.upstream_names import absent

__getattr__ = absent(
    __name__, ["PassManager"], instead="`python -m ironbird run MODULE.mlir --stop-after PASS`"
)

__all__ = []
