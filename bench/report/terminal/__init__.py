"""What a person sees in the terminal: tables, the ladder as it is climbed, progress."""
