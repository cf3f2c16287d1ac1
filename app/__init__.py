"""Composition root: settings, adapters, services; the processes; the command line."""
