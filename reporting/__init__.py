"""KPIs: one definition each."""
