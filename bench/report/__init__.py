"""From results files to tables: read, choose, format, show."""
