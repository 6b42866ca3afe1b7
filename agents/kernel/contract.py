"""What apps and users tell the kernel, and nothing else: two records of arrays, and the counts it gives back."""

from typing import NamedTuple

import numpy as np

from watersellers.market.units import Column

NO_APP = -1  # column code for "uses none"
FREE, PAID = 0, 1
WORD = 32  # apps whose being known fits into one word of bits
FURTHER = 2  # apps that a user may have besides the main one
# People with a free and a paid seat of an app, queries asked there, those of them whose main app is another, each by
# tier; people with this main app who have more; people whose main app it was last month, and is no more.
COUNTS = 8
QUERIES, BESIDES, SEVERAL, LEFT = 2, 4, 6, 7  # places among them


class Rows(NamedTuple):
    """Some users of one region: views of the population's columns, which the kernel changes in place.

    Shape (n,), ``known`` (n, words): bit a % 32 of word a // 32 says whether app a is known. ``app`` and ``tier``
    are last month's choice before the kernel ran, and this month's after; so is ``further``, shape (n, FURTHER), seats
    besides the main one, each 2 x app + tier, or ``NO_APP``. ``friends``, shape (n, friends), are rows of the region.
    """

    key: Column  # int64
    weight: Column  # int64, people
    use: Column  # int64, queries a month if nothing limits them
    worth: Column  # float32, dollars for a unit of utility
    log_use: Column  # float32
    app: Column  # int16
    tier: Column  # int8
    known: Column  # uint32
    further: Column  # int16
    friends: Column  # int32, none where word of mouth is everybody's
    owned: Column  # uint32, as known: apps whose device a user has

    def between(self, start: int, stop: int) -> "Rows":
        """The users from one place up to another."""
        return Rows(*(column[start:stop] for column in self))


class Terms(NamedTuple):
    """What the month's plans mean to users of one region, app by app in the order of keys, and the month's dice.

    Shape (apps,), float32 but where said: ``offered`` says where there is a plan (bool); ``base`` is an app's utility
    apart from taste, habit, quota and price, ``price`` dollars a seat times the price weight, ``log_quota`` the
    logarithm of ``quota``, free queries a month (int64); ``rates`` are hazards of hearing, ``voice`` that from one
    friend who uses an app; ``key`` is an app's (uint64). Then float32 weights of what differs by user, and words that
    users' keys are stirred into, shape (1,), uint64: for what they hear, choose and like, how open they are to
    several apps, and what more they choose. ``ready``, shape (FURTHER,), is below what openness a user takes each
    further app, ``part`` the share of queries asked there, ``last`` the apps that each of the region's users used
    last month, shape (users, 1 + FURTHER), int16, or of no users where nobody has friends. ``device``, shape (apps,),
    is how much more an app is liked by who has its device.
    """

    offered: Column
    base: Column
    price: Column
    log_quota: Column
    quota: Column
    rates: Column
    voice: Column
    key: Column
    quota_weight: np.float32
    paid_bonus: np.float32
    habit: np.float32
    outside: np.float32
    taste: np.float32
    hear: Column
    choose: Column
    like: Column
    several: Column
    more: Column
    ready: Column
    part: float
    last: Column
    device: Column
