"""Preview, update, drift, destroy and recovery of stacks on the real Pulumi engine.

`engine/` runs the CLI, `review/` judges and words what would change, `recovery/` settles what an earlier
update left unfinished."""
