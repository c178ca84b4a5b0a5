"""The kinds of documents. A module here, its schema and its folder are a kind; nothing lists them."""
