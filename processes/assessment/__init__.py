"""考核 (DC-13): figures drawn from closed cases by the county's rules, scores, ranks, appeals, publication."""
