"""Stack A: the same resource on stock Django REST Framework, with no security at all."""
