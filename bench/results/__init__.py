"""Results files: what a row says, whether a file is valid, older schemas, and two runs compared."""
