"""What commands of the console share."""

import click

from ..procedure.refusal import Refusal


class refusals_as_errors:
    """A refusal of the domain becomes the command's error message and exit status 1."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, Refusal):
            raise click.ClickException(error.sentence) from None
