"""What all of the harness rests on: settings, splits, files, the machine and its lock, the digest of the code."""
