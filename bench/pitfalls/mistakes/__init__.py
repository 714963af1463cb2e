"""The mistakes, one a file: what is planted, how it is measured, and what its figures say."""
