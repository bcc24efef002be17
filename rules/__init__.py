"""Rule packs: ladders, signals and rules as data, checked before use."""
