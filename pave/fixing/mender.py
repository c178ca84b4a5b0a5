"""Mends findings that say which value would pass: edits the owners' files, and proves every edit.

A fix holds if its finding is gone, nothing that passed blocks now, and no earlier fix is undone by it. One
that does not hold is taken back. What only the owner can make true is not even tried: written by another, it
would hide what the finding is about. All of this happens in memory.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from catalog.document import Document, pointer_of
from catalog.editing.edit import overriding
from catalog.editing.spelling import spell
from catalog.editing.splice import Unspliceable, splice
from catalog.kinds.service import Service, places_of, service_at
from catalog.loader import Catalog
from catalog.owners_word import owners_word
from catalog.yaml.parsed import Pointer, Unusable
from pave.checking.judge import subjects
from pave.fixing.mending import Fix, Left, Mending
from pave.fixing.rejudging import StandingJudge, SubjectName, Verdict, affected, called, findings
from policies.decision import Finding

MOST_TOGETHER = 4
"""Fixes that are tried as one, when each makes the next one necessary."""


class _Found(NamedTuple):
    """A finding, and whose it is."""

    subject: SubjectName
    finding: Finding


class _Doubt(NamedTuple):
    """Why a fix does not hold, as a clause; and what blocks now, if that is why."""

    words: str
    blocker: _Found | None = None


class _Done(NamedTuple):
    found: _Found
    pointer: Pointer
    was: str | None


class Mender:
    """Mends the documents at `paths` of a catalog, and no others, by the rules `chosen`."""

    def __init__(
        self, catalog: Catalog, judge: StandingJudge, paths: Collection[str], chosen: Collection[str]
    ) -> None:
        self._catalog = catalog
        self._judge = judge
        self._paths = paths
        self._chosen = chosen
        self._verdicts: dict[SubjectName, Verdict] = {}
        self._done: dict[str, _Done] = {}

    def mend(self, environment: str | None) -> Mending:
        """Mends what is found in one environment, or in all of them. Raises EngineError."""
        documents = [self._catalog.file(path) for path in self._paths]
        subjects_ = list(subjects(self._catalog, documents, environment))
        self._verdicts |= self._judge.judge_all(self._catalog, subjects_)
        wanted = list(self._verdicts)
        undone: dict[str, str] = {}
        while True:
            undone.clear()
            waiting = [found for found in self._found(wanted) if self._is_ours(found)]
            mended = [self._mend(found, undone) for found in waiting]
            if not any(mended):
                break
        left = [found.finding for found in self._found(wanted)]
        changed = sorted({done.found.finding.document for done in self._done.values()})
        return Mending(
            documents={path: self._catalog.file(path) for path in changed},
            fixes=[self._told(done) for done in self._done.values()],
            left=_once(
                Left(finding, undone.get(finding.fingerprint, ""))
                for finding in left
                if finding.rule in self._chosen and finding.waiver is None
            ),
            problems=[problem for subject in subjects_ if isinstance(subject, list) for problem in subject],
            blocking=len(_once(Left(finding, "") for finding in left if finding.blocking)),
        )

    def _found(self, names: Iterable[SubjectName]) -> list[_Found]:
        """What is found, that which blocks first."""
        found = [_Found(name, finding) for name in names for finding in findings(self._verdict(name))]
        return sorted(found, key=_urgency)

    def _is_ours(self, found: _Found) -> bool:
        finding = found.finding
        is_open = finding.waiver is None and finding.fingerprint not in self._done
        return is_open and finding.rule in self._chosen and finding.expected is not msgspec.UNSET

    def _mend(self, found: _Found, undone: dict[str, str]) -> bool:
        """Whether a finding could be mended; if not, `undone` says why. One that is gone needs nothing."""
        fingerprint = found.finding.fingerprint
        now = [other for other in self._found([found.subject]) if other.finding.fingerprint == fingerprint]
        if not now:
            return False
        reason = self._refusal(now[0])
        if reason:
            undone[fingerprint] = reason
        return not reason

    def _refusal(self, found: _Found) -> str:
        """Why a finding can't be mended; if it can, it is, together with what blocks only because of it."""
        together, changed, reason = [found], self._catalog, ""
        names: set[SubjectName] = set()
        while True:
            made = self._edited(changed, together[-1])
            if isinstance(made, str):
                return reason or made
            changed = made
            names.update(affected(changed, changed.file(together[-1].finding.document)))
            after = {name: self._judge.judge(changed, name) for name in sorted(names, key=called)}
            doubts = list(self._doubts(together, after))
            if not doubts:
                self._accept(together, changed, after)
                return ""
            reason = reason or f"With {spell(found.finding.expected)}, {doubts[0].words}."
            known = {one.finding.fingerprint for one in together}
            blockers = [doubt.blocker for doubt in doubts if doubt.blocker is not None]
            more = [b for b in blockers if self._is_ours(b) and b.finding.fingerprint not in known]
            if not more or len(together) == MOST_TOGETHER:
                return reason
            together.append(more[0])

    def _edited(self, catalog: Catalog, found: _Found) -> Catalog | str:
        """The catalog with the value that a finding asks for, or why there is none."""
        finding = found.finding
        if finding.document not in self._paths:
            return f"It stands in {finding.document}, which was not named."
        document = catalog.file(finding.document)
        pointer, value = pointer_of(finding.pointer, document.data), finding.expected
        if any(isinstance(step, str) and step.isdecimal() for step in pointer):
            return "It is on an item of a list that nobody wrote."
        is_shared = self._is_shared(catalog, found, pointer)
        word = owners_word(document.data, pointer, value, found.subject[1] if is_shared else None)
        if word is not None:
            what = f"`{word.field}: {spell(word.value)}`"
            return f"Only you can make {what} true: it says {word.tells}. Make it so, then write it."
        if is_shared:
            pointer, value = overriding(document.data, found.subject[1], pointer, value)
        try:
            text = splice(document.text, document.parsed, pointer, value)
            changed = catalog.with_text(finding.document, text)
        except (Unspliceable, Unusable) as error:
            return f"{spell(finding.expected)} can't be written there: {error}."
        for refused in changed.problems[len(catalog.problems) :]:
            return f"With {spell(finding.expected)}, {refused.message} {refused.fix}"
        return changed

    def _is_shared(self, catalog: Catalog, found: _Found, pointer: Pointer) -> bool:
        """Whether an environment in which nothing is wrong has the same value from the same place, so that
        only an override leaves it alone."""
        (service, name), finding = found.subject, found.finding
        if service is None or pointer[:1] != ("spec",) or pointer[:2] == ("spec", "environments"):
            return False
        if catalog.file(finding.document).kind != "Service":
            return False
        for other in places_of(catalog, service):
            subject = service_at(catalog, service, other)
            if other == name or not isinstance(subject, Service) or subject.source(pointer) != pointer:
                continue
            if all(
                (f.rule, f.path) != (finding.rule, finding.path)
                for f in findings(self._verdict((service, other)))
            ):
                return True
        return False

    def _doubts(self, fixed: list[_Found], after: Mapping[SubjectName, Verdict]) -> Iterator[_Doubt]:
        """What speaks against some fixes, from the verdicts that they have a part in."""
        mended = {found.finding.fingerprint for found in fixed}
        for name, verdict in after.items():
            before = self._verdict(name)
            if isinstance(verdict, list) and not isinstance(before, list):
                yield _Doubt(verdict[0].message.rstrip("."))
            blocked = {finding.fingerprint for finding in findings(before) if finding.blocking}
            for finding in findings(verdict):
                if finding.fingerprint in mended:
                    yield _Doubt("the finding stays")
                elif finding.fingerprint in self._done:
                    yield _Doubt(f"{finding.rule} is broken again")
                elif finding.blocking and finding.fingerprint not in blocked:
                    words = f"{finding.rule} blocks {called(name)}: {finding.message.rstrip('.')}"
                    yield _Doubt(words, _Found(name, finding))

    def _accept(self, fixed: list[_Found], changed: Catalog, verdicts: Mapping[SubjectName, Verdict]) -> None:
        for found in fixed:
            document = self._catalog.file(found.finding.document)
            pointer = pointer_of(found.finding.pointer, document.data)
            self._done[found.finding.fingerprint] = _Done(found, pointer, _written(document, pointer))
        self._catalog = changed
        self._verdicts |= verdicts

    def _told(self, done: _Done) -> Fix:
        name, finding = done.found
        service, environment = name
        document = self._catalog.file(finding.document)
        at = done.pointer
        if service is not None and document.kind == "Service":
            subject = service_at(self._catalog, service, environment)
            at = subject.source(at) if isinstance(subject, Service) else at
        mark, _ = document.mark(at)
        only = environment if at != done.pointer else None
        return Fix(finding, only, mark.line, mark.column, done.was, _written(document, at) or "nothing")

    def _verdict(self, name: SubjectName) -> Verdict:
        if name not in self._verdicts:
            self._verdicts[name] = self._judge.judge(self._catalog, name)
        return self._verdicts[name]


def _urgency(found: _Found) -> tuple[bool, str, int, int, str]:
    finding = found.finding
    return not finding.blocking, finding.document, finding.line, finding.column, finding.rule


def _written(document: Document, pointer: Pointer) -> str | None:
    value: Any = document.data
    if pointer not in document.parsed.values:
        return None
    for step in pointer:
        value = value[step]
    return spell(value)


def _once(left: Iterable[Left]) -> list[Left]:
    """Each once, though it is there in several environments; with a reason if there is one."""
    kept: dict[tuple[str, ...], Left] = {}
    for one in left:
        finding = one.finding
        key = (finding.rule, finding.document, finding.pointer, finding.path, finding.message)
        if key not in kept or (one.reason and not kept[key].reason):
            kept[key] = one
    return list(kept.values())
