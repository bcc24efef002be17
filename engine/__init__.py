"""Ratings and rules to explained recommendations: `Roster` and `RulePack` in, `Assessment` out."""
