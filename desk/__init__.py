"""What people see: the operator's and the supervisor's screens, and the live events that keep them up to date."""
