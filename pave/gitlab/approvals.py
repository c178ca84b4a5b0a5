"""Asks the platform who approved a waiver: a name in a file proves nothing.

GitLab answers which merge request brought a commit, and who approved it
(https://docs.gitlab.com/api/commits/#list-merge-requests-associated-with-a-commit,
https://docs.gitlab.com/api/merge_request_approvals/). Without a token nothing is asked, and the report says
that the approval is not proven.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from catalog.kinds.waiver import Waiver
from pave.git import last_commit
from pave.gitlab.client import GitLabError, Project
from pave.refused import Refused
from policies.waivers import UNASKED, Approval


class MergeRequest(msgspec.Struct, frozen=True):
    """One that brought a commit; `iid` is its number in the project."""

    iid: int
    state: str


class Person(msgspec.Struct, frozen=True):
    """A GitLab user, as the API names one."""

    username: str


class Approver(msgspec.Struct, frozen=True):
    """Who approved a merge request."""

    user: Person


class Approvers(msgspec.Struct, frozen=True):
    """All who approved one."""

    approved_by: list[Approver]


class ApprovalRule(msgspec.Struct, frozen=True):
    """An approval rule of a merge request. One that doesn't say that it is approved is not."""

    name: str
    rule_type: str
    approved: bool = False


class ApprovalState(msgspec.Struct, frozen=True):
    """All the rules that a merge request's approval has to meet."""

    rules: list[ApprovalRule]


class GitLab:
    """Who approved what in a project. `merge_request` is the number of the running one, if there is one."""

    def __init__(self, project: Project, merge_request: str | None = None) -> None:
        self._project = project
        self._current = merge_request

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "GitLab | None":
        """The platform of the pipeline we run in, if there is a token for it."""
        project = Project.from_environment(environment)
        return None if project is None else cls(project, environment.get("CI_MERGE_REQUEST_IID"))

    def approval(self, waiver: Waiver, file: Path) -> Approval:
        """Whether `approvedBy` approved the merge request that brought the waiver as it is now."""
        try:
            number = self._merge_request(file)
            if number is None:
                return Approval(False, f"No merge request brought {file.name}")
            approvers = self._approvers(number)
            rules = self._project.get(f"/merge_requests/{number}/approval_state", ApprovalState).rules
        except (GitLabError, Refused) as error:
            return Approval(None, f"approval not proven: {error}")
        person = waiver.spec.approved_by
        if person not in approvers:
            return Approval(False, f"{person} did not approve merge request !{number}")
        open_rules = [rule.name for rule in rules if rule.rule_type == "code_owner" and not rule.approved]
        if open_rules:
            return Approval(False, f"Code owners ({open_rules[0]}) did not approve merge request !{number}")
        return Approval(True, f"approved by {person} in merge request !{number}")

    def _merge_request(self, file: Path) -> str | None:
        """The running merge request if it changes the file, else the one that brought its last commit."""
        commit = last_commit(file)
        if commit is None:
            return self._current
        found = self._project.get(f"/repository/commits/{commit}/merge_requests", list[MergeRequest])
        merged = [str(one.iid) for one in found if one.state == "merged"]
        return merged[0] if merged else self._current

    def _approvers(self, number: str) -> set[str]:
        found = self._project.get(f"/merge_requests/{number}/approvals", Approvers)
        return {one.user.username for one in found.approved_by}


def ask(platform: GitLab | None, waivers: list[Waiver], root: Path) -> dict[str, Approval]:
    """What the platform says of each waiver, by its name."""
    if platform is None:
        return {waiver.name: UNASKED for waiver in waivers}
    return {waiver.name: platform.approval(waiver, root / waiver.document.path) for waiver in waivers}
