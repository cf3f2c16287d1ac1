"""What a call may do: flows and prompts as data, the pure engine, life cycles, opening hours.

No I/O, no clock, no random.
"""
