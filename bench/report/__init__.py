"""What people see: tables, the terminal, pages and plots, all made from stored results."""
