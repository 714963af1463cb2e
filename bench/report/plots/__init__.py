"""Figures: what was trained, drawn by matplotlib."""
