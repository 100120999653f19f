"""A browser's own description of itself, in two words, for people to recognise theirs by.

Whoever writes a request writes this too: nothing rests on it.
"""

_BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari", "curl")
_SYSTEMS = ("iPhone", "iPad", "Android", "Windows", "Mac OS", "CrOS", "Linux")
_NAMES = {"Edg": "Edge", "OPR": "Opera", "Mac OS": "macOS", "CrOS": "ChromeOS"}


def device(user_agent: str) -> str:
    """`Firefox on Linux`; `Unknown browser` where nothing is recognised."""
    browser = _first(_BROWSERS, user_agent) or "Unknown browser"
    system = _first(_SYSTEMS, user_agent)
    return f"{browser} on {system}" if system else browser


def _first(names: tuple[str, ...], text: str) -> str:
    found = next((name for name in names if name in text), "")
    return _NAMES.get(found, found)
