"""Stack B: the same resource on the packages that a team would plug together."""
