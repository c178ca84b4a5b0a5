"""What is asked: a module is a question, and nothing lists them.

Each has `ask(planned, cloud)`, which takes a PlannedStack and a CloudProject and yields PreflightFindings.
What the cloud doesn't answer it raises as NoAnswer, or yields as undecided where that is one of several."""
