"""Ironbird: author, check and run IRON programs for AMD's Phoenix NPU (npu1) on any machine.

The way of a program through the package:

    Python design -> ironbird.iron -> ironbird.ir -> ironbird.passes -> ironbird.plan
        -> ironbird.simulator
"""

__version__ = "0.1.0"
