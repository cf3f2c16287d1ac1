"""The built-in ticketing store: tickets, customers, knowledge base."""

from helpdesk.service import Helpdesk
from helpdesk.views import (
    LANGUAGES,
    PRIORITIES,
    STATUSES,
    SYSTEM,
    Article,
    Customer,
    CustomerCandidate,
    Earlier,
    EndedCall,
    Ticket,
    TicketEntry,
)

__all__ = [
    "LANGUAGES",
    "PRIORITIES",
    "STATUSES",
    "SYSTEM",
    "Article",
    "Customer",
    "CustomerCandidate",
    "Earlier",
    "EndedCall",
    "Helpdesk",
    "Ticket",
    "TicketEntry",
]
