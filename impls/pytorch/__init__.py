"""LeNet in PyTorch: a file for each way of running it. Importing this package imports no framework."""
