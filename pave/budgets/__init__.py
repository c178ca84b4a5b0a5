"""Error budgets: what was measured, and what that leaves."""
