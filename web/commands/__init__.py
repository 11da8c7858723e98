"""The parts of the `whistle` command that have a file of their own."""
