"""Asks the platform who approved a waiver: a name in a file proves nothing.

GitLab answers which merge request brought a commit, and who approved it
(https://docs.gitlab.com/api/commits/#list-merge-requests-associated-with-a-commit,
https://docs.gitlab.com/api/merge_request_approvals/). Without a token nothing is asked, and the report says
that the approval is not proven. With one, what can't be proven is not approved: not when GitLab refuses, is
silent or says what it doesn't document, nor when its settings let an approval mean less than that somebody
else has seen what is merged.
"""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import msgspec

from catalog.kinds.waiver import Waiver
from pave.git import last_commit
from pave.gitlab.client import GitLabError, Project
from pave.refused import Refused
from policies.waivers import UNASKED, Approval


class Person(msgspec.Struct, frozen=True):
    """A GitLab user, as the API names one."""

    username: str


class MergeRequest(msgspec.Struct, frozen=True):
    """One that brought a commit; `iid` is its number in the project."""

    iid: int
    state: str
    target_branch: str
    author: Person


class ApprovalSettings(msgspec.Struct, frozen=True):
    """What an approval means in a project
    (https://docs.gitlab.com/api/merge_request_approvals/#approval-configurations-for-a-project)."""

    reset_approvals_on_push: bool


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


VARIABLE = "PAVE_GITLAB_TOKEN"
"""The variable that holds the token."""

BRANCHES = ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "CI_COMMIT_BRANCH", "CI_DEFAULT_BRANCH")
"""The variables that name the branch that a pipeline is about, the first that is set
(https://docs.gitlab.com/ci/variables/predefined_variables/). Code owners' approval is only required for a
protected branch, so an approval on the way into another proves nothing."""


class GitLab:
    """Who approved what in a project, which is None where the token is set and the variables that name the
    project aren't. `branch` is the branch that what is approved has to enter; `merge_request` the number of
    the running one, if there is one."""

    def __init__(self, project: Project | None, branch: str = "", merge_request: str | None = None) -> None:
        self._project = project
        self._branch = branch
        self._current = merge_request

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "GitLab | None":
        """The platform of the pipeline we run in, if there is a token for it."""
        if not environment.get(VARIABLE):
            return None
        branch = next(filter(None, map(environment.get, BRANCHES)), "")
        return cls(Project.from_environment(environment), branch, environment.get("CI_MERGE_REQUEST_IID"))

    def approval(self, waiver: Waiver, file: Path) -> Approval:
        """Whether `approvedBy` approved the merge request that brought the waiver as it is now."""
        if self._project is None or not self._branch:
            return _unproven(f"{VARIABLE} is set, and the variables of a pipeline aren't")
        try:
            return self._approval(self._project, waiver.spec.approved_by, file)
        except (GitLabError, Refused) as error:
            return _unproven(str(error))

    def _approval(self, project: Project, person: str, file: Path) -> Approval:
        found = self._merge_request(project, file)
        if found is None:
            return Approval(False, f"No merge request into {self._branch} brought {file.name}")
        called, at = f"merge request !{found.iid}", f"/merge_requests/{found.iid}"
        if person not in {one.user.username for one in project.get(f"{at}/approvals", Approvers).approved_by}:
            return Approval(False, f"{person} did not approve {called}")
        if person == found.author.username:
            return Approval(False, f"{person} wrote {called}, and approved it")
        rules = project.get(f"{at}/approval_state", ApprovalState).rules
        open_rules = [rule.name for rule in rules if rule.rule_type == "code_owner" and not rule.approved]
        if open_rules:
            return Approval(False, f"Code owners ({open_rules[0]}) did not approve {called}")
        if not project.get("/approvals", ApprovalSettings).reset_approvals_on_push:
            return _unproven(f"{called} may have changed since: the project keeps approvals after a push")
        return Approval(True, f"approved by {person} in {called}")

    def _merge_request(self, project: Project, file: Path) -> MergeRequest | None:
        """The one that brought the file's last commit into the branch, else the running one if it has that
        commit, or if the file was changed since."""
        commit = last_commit(file)
        if commit is not None:
            brought = project.get(f"/repository/commits/{commit}/merge_requests", list[MergeRequest])
        elif self._current is not None:
            brought = [project.get(f"/merge_requests/{quote(self._current, safe='')}", MergeRequest)]
        else:
            return None
        into = [one for one in brought if one.target_branch == self._branch]
        merged = [one for one in into if one.state == "merged"]
        return next(iter([*merged, *(one for one in into if str(one.iid) == self._current)]), None)


def _unproven(why: str) -> Approval:
    return Approval(None, f"approval not proven: {why}")


def ask(platform: GitLab | None, waivers: list[Waiver], root: Path) -> dict[str, Approval]:
    """What the platform says of each waiver, by its name."""
    if platform is None:
        return {waiver.name: UNASKED for waiver in waivers}
    return {waiver.name: platform.approval(waiver, root / waiver.document.path) for waiver in waivers}
