"""LeNet in JAX and Flax: a file for each way of running it. Importing this package imports no framework."""
