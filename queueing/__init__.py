"""Who waits, for how long, who is next: targets, board, offers, presence."""
