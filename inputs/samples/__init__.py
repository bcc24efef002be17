"""The invented company that is shipped as a sample."""
