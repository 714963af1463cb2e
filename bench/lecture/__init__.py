"""The lecture, reproduced: its training with all that it shows, and its claims held against what was measured."""
