"""Calls into tickets: mapping, outbox delivery, one adapter per ticketing system."""
