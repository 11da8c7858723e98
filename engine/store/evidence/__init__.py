"""What shows that a journal is as it was written: blocks over all chains, anchors outside, and the check of it all."""
