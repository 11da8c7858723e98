"""What things cost, measured in one run on one machine; ratios count, and nothing is asserted by time."""
