"""The ladder: does a backend compute what the oracle computes, and if not, where does it first differ?"""
