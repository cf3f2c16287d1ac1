"""What every room stands on: settings, database, Redis, outbox, clock, errors, logs. No telephony in here."""
