"""The policies: rules in Rego, and the one function that decides on a spec, a plan or a state."""
