"""Why a command gave no report, for programs that asked for one."""

from typing import Literal

import click
import msgspec

from pave.plain import json_text
from pave.refused import Refused


class ErrorReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What any command prints with `--format json` when it can't answer, beside the message on standard
    error. `exit_code` is how it ends."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["ErrorReport"] = "ErrorReport"
    exit_code: int
    message: str


def error_report(error: click.ClickException) -> str:
    """The report on a refusal, as JSON."""
    message = error.said if isinstance(error, Refused) else error.format_message()
    report = ErrorReport(exit_code=error.exit_code, message=message)
    return json_text(report)
