"""A new rule that works: its Rego, its test and its two fixtures, to be made into what is meant."""

import re
from pathlib import Path

from catalog.filling import Templates
from pave.files import create_file
from pave.refused import Refused
from pave.terminal import shown
from policies.in_force import HOME
from policies.rule import PILLARS

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")

OWNER = "fulfillment-platform"
"""The team of the fixtures of pave's own rules, in the shipped catalog."""

TEMPLATES = Templates(__file__)


def check_id(rule: str) -> str | None:
    """What is wrong with the id of a new rule (`reliability/backups-are-kept`); None if nothing is."""
    pillar, slash, name = rule.partition("/")
    if not slash or pillar not in PILLARS:
        return f"`{rule}` is not PILLAR/NAME. The pillars are {', '.join(PILLARS)}."
    if not _NAME.fullmatch(name):
        suggestion = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-0123456789")
        hint = f" Write `{pillar}/{suggestion}`." if suggestion else " Write it like `backups-are-kept`."
        return f"`{name}` is no name of a rule: small letters, digits, and `-` between words.{hint}"
    if name.endswith("-test"):
        return f"`{name}` ends like a test, and would never be asked. Name it for what it asks for."
    return None


def folder_of(rule: str) -> Path:
    """Where a rule is, from the folder of the policies."""
    pillar, name = rule.split("/")
    return Path("rules", pillar, name.replace("-", "_"))


def owner_in(catalog: Path) -> str:
    """A team that may own a new rule's fixtures, which have to hold in a catalog."""
    teams = sorted(path.stem for path in catalog.glob("teams/*.yaml"))
    return OWNER if OWNER in teams or not teams else teams[0]


def write_rule(rule: str, own: Path | None, owner: str = OWNER) -> Path:
    """Writes a new rule, to be made into what is meant, among the `own` ones or else among those of pave. Its
    fixtures are services of the team `owner`.

    Gives its folder. Raises Refused for an id that is wrong or taken, and where nothing can be written."""
    if wrong := check_id(rule):
        raise Refused(wrong)
    place = folder_of(rule)
    for root in {HOME, own or HOME}:
        if (root / place).exists():
            raise Refused(f"There is a rule {rule} already: {shown(root / place)}.")
    folder = (own or HOME) / place
    try:
        folder.mkdir(parents=True)
        for name, text in files(rule, owner).items():
            create_file(folder / name, text.encode())
    except OSError as error:
        raise Refused(f"{shown(folder)} can't be written: {error.strerror or error}.") from error
    return folder


def files(rule: str, owner: str = OWNER) -> dict[str, str]:
    """The files of a new rule, by their names in its folder."""
    pillar, name = rule.split("/")
    folder = name.replace("-", "_")
    called = {"pillar": pillar, "folder": folder, "name": name}
    return {
        f"{folder}.rego": TEMPLATES.fill("rule/rule.rego", **called),
        f"{folder}_test.rego": TEMPLATES.fill("rule/test.rego", **called),
        "failing.yaml": TEMPLATES.fill("rule/service.yaml", description=None, owner=owner),
        "passing.yaml": TEMPLATES.fill("rule/service.yaml", description="Sells subscriptions.", owner=owner),
    }
