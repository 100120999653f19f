"""The settings of the service with the tightest limits of a person raised, and nothing else.

Five exports an hour leave a fuzzer nothing to ask, and end in a penalty that refuses all the rest.
"""

from dataclasses import replace
from types import MappingProxyType

from apps.ratelimits import policies
from apps.ratelimits.policies import PolicyName

_OF_A_PERSON = (PolicyName.BUYER_LOOKUP, PolicyName.EXPORT, PolicyName.REVEAL)

# Before anything else imports the table: `config.settings` does not.
policies.POLICIES = MappingProxyType(
    {
        name: replace(policy, quota=12_000, window=60, burst=12_000)
        if name in _OF_A_PERSON
        else policy
        for name, policy in policies.POLICIES.items()
    }
)

from config.settings import *  # noqa: E402, F403 (the table comes first)
