"""The ways out of the house: one channel, one file."""

from processes.channels.webhook import Webhook

__all__ = ["Webhook"]
