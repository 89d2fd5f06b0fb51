"""Why a letter did not go: put off and tried again, or refused for good. The sentence is for the staff."""


class Undelivered(Exception):
    """The letter was not taken."""

    def __init__(self, sentence: str, reply: str = "") -> None:
        super().__init__(sentence)
        self.sentence = f"{sentence} Ответ сервера: {reply}" if reply else sentence


class PutOff(Undelivered):
    """Not now: it is worth another try."""


class Refused(Undelivered):
    """Never: another try would end the same way."""
