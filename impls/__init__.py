"""LeNet on CIFAR-10, once per framework, behind one contract.

Nothing here knows how it is checked or measured (that is ``bench``), and importing this package imports no
framework: each is imported by its own module, ``impls.pytorch`` and ``impls.flax_nnx``, when it is asked for.
"""
