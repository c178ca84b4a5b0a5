"""What pave does with a GitLab: approvals, the note of a merge request, child pipelines, credentials."""
