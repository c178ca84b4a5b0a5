"""One module a format; the folder is the list of formats."""
