"""What ends a kernel, or a core's own code, that uses a link the design does not give its core."""

from ironbird.simulator.records import Link


class MissingLinkError(Exception):
    """A cascade, or a stream port or lock by its number, that the core does not have."""

    def __init__(self, link: Link, number: int = 0) -> None:
        super().__init__(link, number)
        self.link = link
        self.number = number
