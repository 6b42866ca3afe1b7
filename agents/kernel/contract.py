"""What apps and users tell the kernel, and nothing else: two records of arrays, and the counts it gives back."""

from typing import NamedTuple

import numpy as np

from market.units import Column

NO_APP = -1  # column code for "uses none"
FREE, PAID = 0, 1
WORD = 32  # apps whose being known fits into one word of bits
COUNTS = 4  # people with a free and a paid seat, queries of the former and of the latter


class Rows(NamedTuple):
    """Some users of one region: views of the population's columns, which the kernel changes in place.

    Shape (n,), ``known`` (n, words): bit a % 32 of word a // 32 says whether app a is known. ``app`` and ``tier``
    are last month's choice before the kernel ran, and this month's after.
    """

    key: Column  # int64
    weight: Column  # int64, people
    use: Column  # int64, queries a month if nothing limits them
    worth: Column  # float32, dollars for a unit of utility
    log_use: Column  # float32
    app: Column  # int16
    tier: Column  # int8
    known: Column  # uint32

    def between(self, start: int, stop: int) -> "Rows":
        """The users from one place up to another."""
        return Rows(*(column[start:stop] for column in self))


class Terms(NamedTuple):
    """What the month's plans mean to users of one region, app by app in the order of keys, and the month's dice.

    Shape (apps,), float32 but where said: ``base`` is an app's utility apart from taste, habit, quota and price,
    ``price`` dollars a seat times the price weight, ``log_quota`` the logarithm of ``quota``, free queries a month
    (int64); ``reach`` are hazards of hearing, added up; ``offered`` says where there is a plan (bool); ``key`` is
    an app's (uint64). The rest are float32 weights of what differs by user, and words that users' keys are stirred
    into, shape (1,), uint64: for what they hear, choose, and like.
    """

    offered: Column
    base: Column
    price: Column
    log_quota: Column
    quota: Column
    reach: Column
    key: Column
    quota_weight: np.float32
    paid_bonus: np.float32
    habit: np.float32
    outside: np.float32
    taste: np.float32
    hear: Column
    choose: Column
    like: Column
