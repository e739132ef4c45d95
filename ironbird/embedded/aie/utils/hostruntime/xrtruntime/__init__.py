"""`aie.utils.hostruntime.xrtruntime`: XRT's names; what they do is simulated."""
