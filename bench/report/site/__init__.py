"""`results/index.html`: one page that answers in a screen, with the evidence behind every figure."""
