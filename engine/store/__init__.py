"""Where running cases are kept: tables, the database's two doors (read, write), and `keep`, the one writer of a Step."""
