"""What people see: operator and supervisor screens, live events."""
