"""How a platform of the sandbox refuses a request."""


class Refused(Exception):
    """The platform refuses a request; the message is the sentence of the answer.

    Attributes:
        status: The status of the answer.
    """

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status
