"""What of BPMN 2.0 is executed, and what is refused: each row is a proof; `docs/bpmn-support.md` is made of them."""
