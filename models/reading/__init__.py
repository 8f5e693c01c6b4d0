"""What the desk reads: lists, cases, counts, facets, activity."""
