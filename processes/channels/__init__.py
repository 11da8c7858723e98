"""The ways out of the house: one channel, one file."""

from processes.channels.addresses import Address, AddressesUnfit, read_addresses
from processes.channels.exchange import Exchange, NotTaken
from processes.channels.webhook import Webhook

__all__ = ["Address", "AddressesUnfit", "Exchange", "NotTaken", "Webhook", "read_addresses"]
