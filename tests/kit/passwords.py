"""Passwords without the waiting: argon2 is slow on purpose, and no test needs to be protected from guessing."""

from __future__ import annotations

from argon2 import PasswordHasher

from processes import accounts

AS_SHIPPED = accounts._hasher
"""What a real site hashes with."""


def hash_quickly() -> None:
    """From now on this process hashes with argon2id at its cheapest."""
    accounts._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
