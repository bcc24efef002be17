"""What people write: headers, rater words, levels, scales, dates; the words themselves are YAML files."""
