"""The local cloud: Google Cloud and Kubernetes as far as our components need them, behind the real engine.

It is a Pulumi provider for the packages `gcp` and `kubernetes` that keeps what it is given in a SQLite
file: no account, no network. It serves only the types of the table in `stacks.providers`, and
whatever it refuses is documented to be refused."""
