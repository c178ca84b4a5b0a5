"""Tests the rules' tests: `python -m tools.mutate_rules [--rule PILLAR/NAME] [--sample N --seed S]`.

Each mutant of a rule (see `tools.mutants`) has to be killed: by the rule's own `_test.rego`, else by its
fixtures, which the loader, the design and the recorder make into rule inputs. Survivors are printed. Exits
with 0, with 1 when fewer than ENOUGH are killed, with 2 when it can't tell.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, NamedTuple

from policies.building.opa import MissingOpaError, find_opa
from tools.mutants import Mutant, mutants

HOME = Path(__file__).resolve().parents[1]
POLICIES = HOME / "policies"

ENOUGH = 0.9
"""The share of mutants to kill. Some can't be told from their rule by any document, and no machine sorts
those out: where `left < needed` follows, `needed != null` adds nothing, since Rego orders null before
numbers; in a table of ranks, only their order counts. They have a tenth of all, which a test that forgets a
definition, a condition and a bound of its rule uses up."""

CORES = 2

Fate = Literal["killed by its test", "killed by its fixtures", "survived", "not a rule"]
"""What became of a mutant. One that does not compile is not a rule, and doesn't count."""


class UnfitError(Exception):
    """A rule whose mutants can't be judged: its test or its fixtures fail without any. One line."""


class Folder(NamedTuple):
    """A rule's folder, the rule's source, and its stages."""

    path: Path
    source: str
    stages: tuple[str, ...]

    @property
    def id(self) -> str:
        """The rule's id."""
        return _id(self.path)

    def file(self, ending: str = "") -> Path:
        """The rule, or with `_test` its test."""
        return self.path / f"{self.path.name}{ending}.rego"


class Judged(NamedTuple):
    """The mutants of one rule, and what became of each."""

    folder: Folder
    fates: list[tuple[Mutant, Fate]]

    @property
    def survivors(self) -> list[Mutant]:
        """The mutants that nothing noticed."""
        return [mutant for mutant, fate in self.fates if fate == "survived"]

    @property
    def total(self) -> int:
        """How many mutants count."""
        return sum(fate != "not a rule" for _, fate in self.fates)

    @property
    def killed(self) -> int:
        """How many of those were noticed."""
        return self.total - len(self.survivors)


Chosen = list[tuple[Folder, list[Mutant]]]


class Mutation:
    """Judges the tests of the rules below `root`, a folder like `policies/`; its files go to `scratch`."""

    def __init__(self, root: Path, opa: Path, scratch: Path) -> None:
        self._opa = opa.resolve()
        self._root = root
        self._scratch = scratch
        library = [path for path in root.glob("lib/*.rego") if not path.name.endswith("_test.rego")]
        self._library = [str(path) for path in (root / "main.rego", *sorted(library))]

    def rules(self, only: str | None = None) -> Chosen:
        """Each rule, or the one of that id, with all its mutants; in the order of the folders."""
        paths = sorted(path.parent for path in self._root.glob("rules/*/*/*_test.rego"))
        return [self._mutants(path) for path in paths if only in {None, _id(path)}]

    def judge(self, chosen: Chosen) -> Iterator[Judged]:
        """What becomes of the chosen mutants, rule by rule, as soon as it is known.

        Raises UnfitError for a rule that fails its own test or fixtures as it is."""
        with ThreadPoolExecutor(CORES) as pool:
            tested = [pool.map(self._test, [folder] * (len(few) + 1), [None, *few]) for folder, few in chosen]
            try:
                for (folder, few), results in zip(chosen, tested, strict=True):
                    if next(results) != "survived":
                        raise UnfitError(f"{folder.file('_test')}: fails as it is; see `make rego-test`")
                    yield Judged(folder, self._face_fixtures(folder, dict(zip(few, results, strict=True))))
            finally:
                pool.shutdown(cancel_futures=True)

    def _mutants(self, path: Path) -> tuple[Folder, list[Mutant]]:
        rule = str(path / f"{path.name}.rego")
        done = self._run("parse", "--format=json", "--json-include=locations", rule)
        if done.returncode:
            raise UnfitError(f"{rule}: {done.stderr.strip().splitlines()[0]}")
        tree, source = json.loads(done.stdout), Path(rule).read_text("utf-8")
        stages = next(each["custom"]["stages"] for each in tree["annotations"] if each["scope"] == "package")
        return Folder(path, source, tuple(stages)), mutants(source, tree)

    def _test(self, folder: Folder, mutant: Mutant | None) -> Fate:
        """What the rule's own test makes of a mutant, or of the rule as it is."""
        with tempfile.TemporaryDirectory(dir=self._scratch) as place:
            sources = [*self._library, self._write(folder, mutant, place)]
            done = self._run("test", *sources, str(folder.file("_test")))
            if done.returncode in {0, 2}:
                return "survived" if done.returncode == 0 else "killed by its test"
            # Nothing ran. Either the mutant is no rule, or its test can't be compiled against it.
            is_rule = self._run("check", *sources).returncode == 0
            return "killed by its test" if is_rule else "not a rule"

    def _face_fixtures(self, folder: Folder, fates: dict[Mutant, Fate]) -> list[tuple[Mutant, Fate]]:
        if "survived" in fates.values():
            cases = _cases(folder)
            document = self._scratch / f"{folder.path.name}.json"
            document.write_text(json.dumps([case["input"] for case in cases]))
            if not self._is_right(folder, None, cases, document):
                raise UnfitError(f"{folder.path}: its fixtures fail as they are; see `make test`")
            for mutant, fate in fates.items():
                if fate == "survived" and not self._is_right(folder, mutant, cases, document):
                    fates[mutant] = "killed by its fixtures"
        return list(fates.items())

    def _is_right(
        self, folder: Folder, mutant: Mutant | None, cases: list[dict[str, Any]], document: Path
    ) -> bool:
        """Whether a mutant fires where the rule has to, and nowhere else."""
        rule = ".".join(("data.rules", *folder.path.parts[-2:], "deny"))
        query = f"[denied | some case in input; denied := {rule} with input as case]"
        with tempfile.TemporaryDirectory(dir=self._scratch) as place:
            data = [f"--data={path}" for path in (*self._library, self._write(folder, mutant, place))]
            done = self._run("eval", "--format=raw", f"--input={document}", *data, query)
        if done.returncode:
            return False
        found = json.loads(done.stdout)
        return len(found) == len(cases) and all(map(_fires_rightly, cases, found))

    def _write(self, folder: Folder, mutant: Mutant | None, place: str) -> str:
        path = Path(place) / folder.file().name
        path.write_text(folder.source if mutant is None else mutant.applied(folder.source), "utf-8")
        return str(path)

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([self._opa, *arguments], env={}, capture_output=True, text=True, check=False)


def _id(path: Path) -> str:
    return f"{path.parent.name}/{path.name.replace('_', '-')}"


def _cases(folder: Folder) -> list[dict[str, Any]]:
    """The rule inputs of a rule's fixtures at each of its stages, and whether it has to fire on them."""
    from tests.policies.test_rule_pack import Case, state_of, texts_of  # late: only survivors need it

    cases = []
    for name in ("failing.yaml", "passing.yaml"):
        with tempfile.TemporaryDirectory() as scratch:
            case = Case(texts_of(folder.path, name), Path(scratch), state_of(folder.path, name))
        fires = name == "failing.yaml"
        cases += [
            {"input": json.loads(case.rule_input(stage)), "stage": stage, "fires": fires}
            for stage in folder.stages
        ]
    return cases


def _fires_rightly(case: dict[str, Any], denied: list[dict[str, Any]]) -> bool:
    found = [each for each in denied if (each["path"][:1] == ["plan"]) == (case["stage"] == "plan")]
    return bool(found) == case["fires"] and all(each["status"] == "failed" for each in found)


def sample(rules: Chosen, number: int, seed: int) -> Chosen:
    """So many mutants of all, the same for the same seed; without the rules that lose all of theirs.

    Each mutant's lot is its own: a new rule takes a few places and leaves the others as they were."""
    lots = [(_lot(seed, folder, mutant), folder.id, mutant) for folder, every in rules for mutant in every]
    drawn = {(rule, mutant) for _, rule, mutant in sorted(lots)[:number]}
    few = [(folder, [mutant for mutant in every if (folder.id, mutant) in drawn]) for folder, every in rules]
    return [(folder, some) for folder, some in few if some]


def _lot(seed: int, folder: Folder, mutant: Mutant) -> bytes:
    return sha256(f"{seed} {folder.id} {mutant}".encode()).digest()


def share(judged: Sequence[Judged]) -> float:
    """Killed of all that count, 0 to 1."""
    total = sum(each.total for each in judged)
    return sum(each.killed for each in judged) / total if total else 1.0


def describe(judged: Judged) -> Iterator[str]:
    """A rule in words: how many were killed, then each survivor with its place and what it changes."""
    folder = judged.folder
    yield f"{folder.id}  {judged.killed}/{judged.total}"
    shown = folder.file().relative_to(HOME) if folder.path.is_relative_to(HOME) else folder.file()
    for mutant in judged.survivors:
        yield f"  {shown}:{mutant.line(folder.source)}: {mutant.what}"
        yield from (f"    {line}" for line in mutant.diff(folder.source))


def summarise(judged: Sequence[Judged]) -> Iterator[str]:
    """The shares of all mutants, by kind and together."""
    fates = [(mutant.kind, fate) for each in judged for mutant, fate in each.fates]
    counts = Counter(fates)
    for kind in sorted({kind for kind, _ in fates}):
        lost = counts[kind, "survived"]
        killed = counts[kind, "killed by its test"] + counts[kind, "killed by its fixtures"]
        yield f"  {kind}: {killed}/{killed + lost}"
    total, left_out = sum(each.total for each in judged), sum(fate == "not a rule" for _, fate in fates)
    killed = sum(each.killed for each in judged)
    yield (
        f"{killed} of {total} mutants were killed, {share(judged):.1%} ({ENOUGH:.0%} are asked for); "
        f"{left_out} more don't compile"
    )


def main(arguments: Sequence[str]) -> int:
    """The command: prints as it goes; see this module for the exit codes."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutate_rules", description=__doc__)
    parser.add_argument("--rule", metavar="PILLAR/NAME", help="only this rule's")
    parser.add_argument("--sample", metavar="N", type=int, help="only so many, picked at random")
    parser.add_argument("--seed", metavar="S", type=int, default=0, help="of the sample (default: 0)")
    asked = parser.parse_args(arguments)
    judged = []
    try:
        with tempfile.TemporaryDirectory() as scratch:
            mutation = Mutation(POLICIES, find_opa(POLICIES), Path(scratch))
            rules = mutation.rules(asked.rule)
            if not rules:
                parser.error(f"there is no rule {asked.rule}")
            chosen = rules if asked.sample is None else sample(rules, asked.sample, asked.seed)
            for number, one in enumerate(mutation.judge(chosen), start=1):
                judged.append(one)
                print(f"[{number}/{len(chosen)}]", "\n".join(describe(one)), flush=True)
    except (MissingOpaError, UnfitError) as error:
        print(error, file=sys.stderr)
        return 2
    print(*summarise(judged), sep="\n")
    return 0 if share(judged) >= ENOUGH else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
