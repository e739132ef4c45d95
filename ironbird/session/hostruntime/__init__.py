"""The host's side of programs that compile to files and load them, as `aie.utils` offers it.

The names are upstream's, so that host programs run as they stand; what they load and run is a
design for the simulator (`ironbird.session.simulation_file`), and every result says so.
"""
