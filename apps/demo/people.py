"""Who lives in the demo: agencies, an account for every role in two of them, and buyers.

No real person: mail domains are reserved for examples (RFC 2606), phone numbers end in 555-01xx,
and national ids begin with 000, which is never issued.
"""

from typing import NamedTuple

from apps.agencies.roles import Role

#: In the order of `homes.homes`.
AGENCIES = ("Harbor & Vine Realty", "Prairie Lantern Homes", "Peña & O'Rourke Properties")


class Account(NamedTuple):
    """Someone who can sign in; `agency` is an index into AGENCIES."""

    email: str
    role: Role
    agency: int


ACCOUNTS = (
    Account("manager@harbor.example.com", Role.MANAGER, 0),
    Account("agent@harbor.example.com", Role.AGENT, 0),
    Account("buyer@harbor.example.com", Role.BUYER, 0),
    Account("auditor@harbor.example.com", Role.AUDITOR, 0),
    Account("admin@harbor.example.com", Role.PLATFORM_ADMIN, 0),
    Account("manager@prairie.example.com", Role.MANAGER, 1),
    Account("agent@prairie.example.com", Role.AGENT, 1),
    Account("buyer@prairie.example.com", Role.BUYER, 1),
    Account("auditor@prairie.example.com", Role.AUDITOR, 1),
    Account("admin@prairie.example.com", Role.PLATFORM_ADMIN, 1),
    Account("manager@orourke.example.com", Role.MANAGER, 2),
    Account("agent@orourke.example.com", Role.AGENT, 2),
)

#: Legal names by address. Those without an account only make offers and cannot sign in.
BUYERS = {
    "buyer@harbor.example.com": "Ana María O'Neil",
    "buyer@prairie.example.com": "Zoë Brontë-Hughes",
    "jose@crowd.example.com": "José Ñáñez",
    "siobhan@crowd.example.com": "Siobhán D'Arcy",
    "anh@crowd.example.com": "Nguyễn Thị Ánh",
    "lukasz@crowd.example.com": "Łukasz Wójcik",
    "francois@crowd.example.com": "François L'Écuyer",
    "kahanu@crowd.example.com": "Kahanu Kaʻōpua",
    "renee@crowd.example.com": "Renée St. Clair",
    "mara@crowd.example.com": "Māra Bērziņa",
    "soren@crowd.example.com": "Søren Åkesson",
    "chloe@crowd.example.com": "Chloé N'Diaye",
    "inigo@crowd.example.com": "Iñigo Mondragón",
    "grace@crowd.example.com": "Grace Whitfield",
}
