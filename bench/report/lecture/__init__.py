"""The lecture's page: its tables and its figure of a hundred epochs."""
