"""How often do our intervals, tests and warnings err? Simulated with effects of measured sizes: `make statistics`."""
