"""The whole helpdesk on one machine: embedded stores, every process, the simulator, and bots, so that screens live."""
