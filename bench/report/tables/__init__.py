"""Results as tables of text: a file for each kind of table."""
