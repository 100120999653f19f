"""Real cities of the United States, by region, with what a home there roughly costs.

The price is that of a plain three-bedroom house, in thousands of dollars. Every state and the
District of Columbia occur, and so does every spelling that a naive search breaks on.
"""

from typing import NamedTuple


class Place(NamedTuple):
    """`thousands`: dollars for a plain three-bedroom house, divided by 1000."""

    city: str
    state_code: str
    thousands: int


WEST = (
    Place("Cañon City", "CO", 330),
    Place("La Cañada Flintridge", "CA", 2100),
    Place("Coeur d'Alene", "ID", 520),
    Place("Peñasco", "NM", 290),
    Place("Līhuʻe", "HI", 850),
    Place("San José", "CA", 1400),
    Place("San Luis Obispo", "CA", 950),
    Place("Fresno", "CA", 380),
    Place("Denver", "CO", 580),
    Place("Boise", "ID", 480),
    Place("Española", "NM", 300),
    Place("Truth or Consequences", "NM", 190),
    Place("Walla Walla", "WA", 420),
    Place("Seattle", "WA", 850),
    Place("Portland", "OR", 520),
    Place("Bend", "OR", 700),
    Place("Flagstaff", "AZ", 640),
    Place("Tucson", "AZ", 335),
    Place("Reno", "NV", 540),
    Place("St. George", "UT", 520),
    Place("Salt Lake City", "UT", 550),
    Place("Missoula", "MT", 540),
    Place("Cheyenne", "WY", 350),
    Place("Anchorage", "AK", 390),
)

CENTRAL = (
    Place("O'Fallon", "MO", 370),
    Place("St. Louis", "MO", 210),
    Place("O'Fallon", "IL", 320),
    Place("Chicago", "IL", 340),
    Place("Prairie du Chien", "WI", 190),
    Place("Fond du Lac", "WI", 220),
    Place("Madison", "WI", 420),
    Place("Sault Ste. Marie", "MI", 150),
    Place("L'Anse", "MI", 130),
    Place("Ann Arbor", "MI", 500),
    Place("Duluth", "MN", 265),
    Place("Minneapolis", "MN", 330),
    Place("Sioux Falls", "SD", 310),
    Place("Fargo", "ND", 290),
    Place("Omaha", "NE", 280),
    Place("Wichita", "KS", 200),
    Place("Tulsa", "OK", 215),
    Place("Des Moines", "IA", 210),
    Place("San Antonio", "TX", 290),
    Place("Austin", "TX", 540),
    Place("Little Rock", "AR", 210),
    Place("Indianapolis", "IN", 230),
    Place("Columbus", "OH", 265),
    Place("Baton Rouge", "LA", 230),
    Place("D'Iberville", "MS", 235),
)

EAST = (
    Place("Winston-Salem", "NC", 265),
    Place("Wilkes-Barre", "PA", 150),
    Place("Pittsburgh", "PA", 240),
    Place("Buffalo", "NY", 220),
    Place("Burlington", "VT", 460),
    Place("Portland", "ME", 530),
    Place("Portsmouth", "NH", 650),
    Place("Boston", "MA", 780),
    Place("Providence", "RI", 400),
    Place("New Haven", "CT", 320),
    Place("Hoboken", "NJ", 850),
    Place("Wilmington", "DE", 290),
    Place("Baltimore", "MD", 220),
    Place("Washington", "DC", 620),
    Place("Richmond", "VA", 370),
    Place("Charleston", "WV", 150),
    Place("Charleston", "SC", 580),
    Place("Savannah", "GA", 320),
    Place("St. Augustine", "FL", 480),
    Place("Coral Gables", "FL", 1500),
    Place("Birmingham", "AL", 180),
    Place("Nashville", "TN", 450),
    Place("Louisville", "KY", 250),
)
