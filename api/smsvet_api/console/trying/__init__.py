"""The page on which anybody can try a text. Nothing is stored."""
