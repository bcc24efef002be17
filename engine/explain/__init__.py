"""A recommendation explained to people: rules, evidence, cells, what is missing, what to do next."""
