"""The built-in ticketing store: tickets, customers, knowledge base."""
