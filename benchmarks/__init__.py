"""How fast the product is, as ratios of two things measured in turns within one run: the machine cancels out."""
