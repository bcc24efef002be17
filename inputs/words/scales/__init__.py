"""The scale that each rater's ratings are on: read off the header or the words, or asked for; never
guessed."""
