"""Error budgets as what is known of a stack besides its specs and its plan."""
