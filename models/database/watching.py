"""Watch: what notices that others have written to the database."""

from typing import Protocol


class Watch(Protocol):
    """Notices commits of others; asked by one thread at a time."""

    def changed(self) -> bool:
        """Whether someone has committed since this was last asked; never at the first time.

        Raises:
            DBAPIError: If the database does not answer.
        """

    def close(self) -> None:
        """Give back what it holds; the next question takes it again."""
