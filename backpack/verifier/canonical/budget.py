"""How much work one document may cost, counted in steps, so that the answer is the same on any machine."""

from ...errors import TooComplex


class Budget:
    """Steps that are left; whoever works spends them, and a document that wants more is refused.

    A step is about one visit of one statement (some microseconds). The largest real badges need a few
    thousand; a graph made to be slow needs billions.
    """

    __slots__ = ("left",)

    def __init__(self, steps: int = 60_000) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        """Take steps away, or raise TooComplex."""
        self.left -= steps
        if self.left < 0:
            raise TooComplex("This badge is built in a way that would take too much work to check.")
