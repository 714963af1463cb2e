"""The oracle in NumPy: the network and Adam written out by hand, in any precision, and as a backend."""
