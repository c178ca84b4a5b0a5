"""A small billing app: takes orders, bills them by jobs, and closes the books once a tick.

It does what the service that moves has to do too: an order is acknowledged after it was committed and its job
queued; a job is taken in a way that survives its worker, and bills once by its key; a tick runs once."""
