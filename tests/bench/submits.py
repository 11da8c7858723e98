def measure(root): pass
