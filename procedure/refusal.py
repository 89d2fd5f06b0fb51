"""The one exception with which the domain says no."""


class Refusal(Exception):
    """A refused act: a Russian sentence for people, and the clause of the regulation it rests on (may be empty)."""

    def __init__(self, sentence: str, clause: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.clause = clause
