"""Gatehouse asked with an access token where `ours` is asked with a key: all else is the same."""
