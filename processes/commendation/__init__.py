"""评先评优 (DC-15): who may be commended for a year, drawn up from its published figures by the county's rules."""
