"""A thin re-export; the code is in `ironbird.iron.markers` and `ironbird.session.jit`."""

from ironbird.iron.markers import Compile, CompileTime, DispatchTime, In, InOut, Out
from ironbird.iron.upstream_names import absent

__getattr__ = absent(
    __name__,
    later={
        "CompilableDesign": "ironbird.session.jit",
        "compileconfig": "ironbird.session.jit",
        "compile_context": "ironbird.session.jit",
        "get_compile_arg": "ironbird.session.jit",
    },
)

__all__ = [
    "CompilableDesign",
    "Compile",
    "CompileTime",
    "DispatchTime",
    "In",
    "InOut",
    "Out",
    "compile_context",
    "compileconfig",
    "get_compile_arg",
]
