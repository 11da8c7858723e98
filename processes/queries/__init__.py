"""Every read: what the screens and lists show. Nothing here writes."""
