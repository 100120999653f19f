"""The words of the demo's listings: kinds of homes, what they have, where they stand."""

from typing import NamedTuple


class Kind(NamedTuple):
    """A kind of home. `factor`: its price against a plain three-bedroom house."""

    name: str
    fewest: int
    most: int
    factor: float
    story: str


KINDS = (
    Kind("studio loft", 0, 1, 0.55, "made from the top floor of a former print shop"),
    Kind("condominium", 1, 2, 0.7, "on the third floor of a house with an elevator"),
    Kind("cottage", 1, 2, 0.72, "built for a railway family a century ago"),
    Kind("bungalow", 2, 3, 0.86, "all on one level"),
    Kind("townhouse", 2, 3, 0.92, "one of six that share a courtyard"),
    Kind("brick row house", 2, 4, 0.95, "with party walls that keep it warm"),
    Kind("ranch house", 3, 4, 1.0, "low and wide on its lot"),
    Kind("Craftsman house", 3, 4, 1.12, "its woodwork never painted over"),
    Kind("farmhouse", 3, 5, 1.15, "with the barn still standing"),
    Kind("mid-century house", 3, 4, 1.2, "drawn by a local architect in 1958"),
    Kind("duplex", 4, 6, 1.25, "one half let until next summer"),
    Kind("Victorian", 4, 5, 1.38, "restored room by room over ten years"),
)

MOODS = (
    "Sunlit",
    "Quiet",
    "Airy",
    "Well-kept",
    "Generous",
    "Snug",
    "Restored",
    "Rambling",
    "Light-filled",
    "Handsome",
    "Newly roofed",
    "Peaceful",
)

#: What stands in the title, and the sentence about it.
FEATURES = (
    ("with a walled garden", "The garden is walled and gets the sun until evening."),
    ("with a long view", "From the upper windows one looks far over the roofs."),
    ("with a deep porch", "The porch is deep enough for a table of eight."),
    ("with a chef's kitchen", "The kitchen was refitted two years ago, gas range included."),
    ("with solar panels", "Solar panels cover most of the electricity, and they are paid for."),
    ("near the river", "The river path is five minutes away on foot."),
    ("with a library", "One room is lined with bookshelves that stay with the house."),
    ("with a workshop", "The detached workshop has its own power and a workbench."),
    ("under old oaks", "Two old oaks shade the yard, inspected last spring."),
    ("with a finished attic", "The attic is finished, insulated and dry."),
    ("with a two-car garage", "The garage takes two cars and a wall of shelves."),
    ("with original floors", "The original floors are pine, sanded and oiled this year."),
    ("with a fireplace", "The fireplace draws well; the chimney was swept in the fall."),
    ("with a roof terrace", "A stair leads to a roof terrace that no neighbor overlooks."),
    ("with new windows", "Windows and exterior doors are three years old."),
    ("on a double lot", "The lot is double width, so there is room to add on."),
)

NEIGHBOURHOODS = (
    "Two grocery stores, a bakery and the library are within walking distance.",
    "The elementary school is around the corner, and the bus stops at the end of the block.",
    "A quiet street: the nearest through road is four blocks away.",
    "The farmers' market sets up one street over on Saturdays.",
    "Neighbors run a tool-lending shed and a summer street fair.",
    "The trailhead starts behind the last house on the street.",
    "Downtown is ten minutes by bicycle, mostly on a marked lane.",
    "The house is outside the flood zone; the certificate is on file.",
    "Property taxes were reassessed last year and are shown in the disclosure.",
    "The seller can be flexible about the closing date.",
)

STREETS = (
    "O'Connell Street",
    "Calle Peñasco",
    "Martin Luther King Jr. Boulevard",
    "St. Mary's Road",
    "Old Mill Lane",
    "Avenida César Chávez",
    "North 14th Street, Apt. 3B",
    "Rue d'Orléans",
    "Lincoln Avenue",
    "Cottonwood Court",
    "Main Street, Unit 2",
    "Sycamore Hill Road",
    "Kūhiō Lane",
    "Harbor View Terrace",
    "Schoolhouse Road",
    "West Juniper Drive",
    "Battery Street, #407",
    "County Road 12",
)

#: What buyers write with an offer.
MESSAGES = (
    "We can close within thirty days.",
    "Cash offer, no contingencies except the inspection.",
    "We're pre-approved and flexible about the move-in date.",
    "Our lender's letter is ready; we'd love to keep the bookshelves.",
    "Subject to the sale of our condominium, which is under contract.",
    "First home for the two of us and our son Noël. Inspection next week if you agree.",
    "Could the washer and the workbench stay? Then we'll sign as it is.",
    "Relocating in spring: we'd rent back to you until then.",
)
