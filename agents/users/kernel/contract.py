"""The contract of the kernel: two records of arrays that it receives, and the counts that it returns."""

from typing import NamedTuple

import numpy as np

from watersellers.market.exact import Column

NO_APP = -1  # column code for "uses none"
FREE, PAID = 0, 1
WORD = 32  # apps per word of bits
FURTHER = 2  # apps that a user may have besides the main one
# By tier: people with a seat of an app, queries asked there, people with a seat whose main app is another. Then people
# with this main app and further ones, and people whose main app it was last month but is no longer.
COUNTS = 8
QUERIES, BESIDES, SEVERAL, LEFT = 2, 4, 6, 7  # columns among them


class Rows(NamedTuple):
    """Users of one region: views of the population's columns, which the kernel changes in place.

    Shape (n,), ``known`` (n, words): bit a % 32 of word a // 32 says whether app a is known. ``app`` and ``tier`` are
    last month's choice before the kernel runs, and this month's after; so is ``further``, shape (n, FURTHER): seats
    besides the main one, each 2 x app + tier, or ``NO_APP``. ``friends``, shape (n, friends), are rows of the region.
    ``budget``, shape (n, 1), is what a user can pay for apps, in dollars a month; it has no column where no budget
    limits anybody. ``log_worth``, shape (n, 1), is the logarithm of ``worth``; it has no column where all apps ask a
    flat price.
    """

    key: Column  # int64
    weight: Column  # int64, people
    use: Column  # int64, queries per month if nothing limits them
    worth: Column  # float32, dollars per unit of utility
    log_use: Column  # float32
    app: Column  # int16
    tier: Column  # int8
    known: Column  # uint32
    further: Column  # int16
    friends: Column  # int32; no column where all users hear from all alike
    owned: Column  # uint32, as known: apps whose device a user has
    budget: Column  # float32
    log_worth: Column  # float32

    def between(self, start: int, stop: int) -> "Rows":
        """The users from one row up to another."""
        return Rows(*(column[start:stop] for column in self))


class Terms(NamedTuple):
    """The month's plans as the users of one region face them, by app in the order of keys, and the month's chance.

    Columns have the shape (apps,) and are float32 unless stated otherwise: ``offered`` marks apps with a plan (bool);
    ``base`` is an app's utility without taste, habit, quota and price, ``price`` dollars per seat times the price
    weight, ``log_quota`` the logarithm of ``quota``, free queries per month (int64); ``rates`` are hazards of hearing
    of an app, ``voice`` the hazard from one friend who uses it; ``key`` is the app's key (uint64); ``device`` is the
    utility that an app's device adds for its owners; ``dollars`` is the price of a seat, which budgets have to bear,
    and ``query_dollars`` that of a query of who pays for a seat, ``query_price`` the same times the price weight.
    ``log_rate`` is the logarithm of this over the quota weight, minus infinity for a flat price: a user whose logarithm
    of worth and of use differ by as much pays for exactly what it would ask.

    Then follow float32 weights of the parts that differ by user, and words, shape (1,), uint64, that are hashed with
    users' keys: for what they ``hear``, ``choose`` and ``like``, how open they are to ``several`` apps, and what
    ``more`` they choose. A user takes a further app if its openness is below ``ready``, shape (FURTHER,); ``part`` is
    the share of queries that it asks there. ``last`` holds the apps that each of the region's users used last month,
    shape (users, 1 + FURTHER), int16; it has no rows where nobody has friends.
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
    dollars: Column
    query_dollars: Column
    query_price: Column
    log_rate: Column
