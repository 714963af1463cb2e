"""With this folder on PYTHONPATH, Python finds no framework: as where the kit is installed without them."""

from importlib.machinery import PathFinder

HIDDEN = {"torch", "torchvision", "jax", "jaxlib", "flax", "optax", "matplotlib", "jsonschema"}
"""The frameworks, and what `kit-requirements.txt` leaves out beside them."""

found = PathFinder.find_spec


@classmethod
def find_spec(cls, name, path=None, target=None):
    return None if name.partition(".")[0] in HIDDEN else found(name, path, target)


PathFinder.find_spec = find_spec
