"""An e-mail address on the command line: what is none is wrong usage, whichever command it is given to."""

import click


class Email(click.ParamType[str]):
    """Of an argument or an option that names an earner."""

    name = "email"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The address in its normal form."""
        from backpack.errors import Unreadable
        from backpack.services.joining import emails

        try:
            return emails.normal(value)
        except Unreadable as error:
            self.fail(f"{error.says} {error.try_this}", param, ctx)


EMAIL = Email()
