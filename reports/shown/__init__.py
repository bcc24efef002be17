"""What is shown, decided once for every look; nothing here draws."""
