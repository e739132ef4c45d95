"""Passes: an IRON module step by step towards what the hardware holds."""
