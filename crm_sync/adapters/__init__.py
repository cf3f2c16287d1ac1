"""One small class per ticketing system, each a `crm_sync.port.TicketStore`."""
