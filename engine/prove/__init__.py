"""Proofs about a rule pack: complete, free of contradictions, true to its worked examples."""
