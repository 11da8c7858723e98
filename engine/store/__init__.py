"""Where running cases are kept: tables, the database's doors (read, write), and `keep`, the one writer of a Step."""
