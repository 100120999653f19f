"""The people of these tests, made when they are first spoken of, each with a key of full width."""

from functools import cached_property

from apps.accounts.models import User
from apps.agencies.models import Agency
from apps.agencies.roles import Role
from tests import world
from tests.api import Api


class Person(Api):
    """A user and the caller that uses the user's key."""

    def __init__(self, user: User, *scopes: str) -> None:
        self.user = user
        self.row, self.key = world.key_row(user, *scopes)
        super().__init__(self.key)


class Cast:
    """`manager` and `agent` of our agency, `rival` of another one, two buyers, and a stranger."""

    @cached_property
    def agency(self) -> Agency:
        return world.agency("Ours")

    @cached_property
    def manager(self) -> Person:
        return Person(world.person(Role.MANAGER, self.agency))

    @cached_property
    def agent(self) -> Person:
        return Person(world.person(Role.AGENT, self.agency))

    @cached_property
    def rival(self) -> Person:
        return Person(world.person(Role.MANAGER))

    @cached_property
    def buyer(self) -> Person:
        return Person(world.person())

    @cached_property
    def other_buyer(self) -> Person:
        return Person(world.person())

    @cached_property
    def stranger(self) -> Api:
        return Api()
