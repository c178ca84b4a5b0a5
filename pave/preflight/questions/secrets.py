"""Whether the secrets have a value that pods wait for, and that people set."""

from collections.abc import Iterator

from pave.preflight.model import CloudProject, NoAnswer, PlannedStack, PreflightFinding


def ask(planned: PlannedStack, cloud: CloudProject) -> Iterator[PreflightFinding]:
    """One for each. One without a value waits: `pave up` makes its holder, and then ends with exit 3."""
    for name, secret in sorted(planned.secrets.items()):
        try:
            is_set = cloud.has_value(secret)
        except NoAnswer as error:
            fix = f"gcloud secrets versions list {secret.rpartition('/')[2]} --project {secret.split('/')[1]}"
            yield PreflightFinding("secrets", secret, "undecided", str(error), fix)
            continue
        if is_set:
            yield PreflightFinding("secrets", secret, "ok", "has a value")
        else:
            what = "has no value: `pave up` leaves for later what reads it, and ends with exit 3"
            fix = f"pave up {planned.stack}, then pave secrets set {planned.stack} {name}, and pave up again."
            yield PreflightFinding("secrets", secret, "waits", what, fix)
