"""A preview in pave's terms: its changes, the guards that refuse some, the wording, the plan to review."""
