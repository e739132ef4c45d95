"""`aie.utils.trace.get_trace_summary`: cycles between event0() and event1() of a timeline."""

import argparse

from ironbird.session.trace_reading.summary import print_summary

__all__ = ["main", "parse_args"]


def parse_args() -> argparse.Namespace:
    """The command line: a timeline's file."""
    parser = argparse.ArgumentParser(description="cycles between event0() and event1()")
    parser.add_argument("--input", required=True, help="a timeline, as parse.py writes it")
    return parser.parse_args()


def main() -> None:
    """Print the summary."""
    print_summary(parse_args().input)
