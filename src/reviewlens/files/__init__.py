"""Files: written for the user, for a while, to be found again, and the fonts that pictures need."""
