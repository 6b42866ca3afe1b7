"""Rules of goods and people, broken on purpose: each function patches one rule in a world before its first month."""

import numpy as np

from tests.books.rule_patches import Mutations, after, changed
from watersellers.agents import fleet_operators
from watersellers.agents.apps.advertisers import Advertisers
from watersellers.agents.apps.appliances import Appliances
from watersellers.agents.chips.month import Chips
from watersellers.agents.cloud.month import Clouds
from watersellers.agents.enterprises.own_compute import OwnCompute
from watersellers.agents.fleet_operators import FleetOperators
from watersellers.agents.labs.month import Labs
from watersellers.agents.users.kernel.contract import FREE, PAID
from watersellers.agents.users.month import Users
from watersellers.market.exact import invoice
from watersellers.market.goods import Good
from watersellers.market.trade import fleet
from watersellers.market.trade.fleet import Fleets
from watersellers.market.trade.orders import Supply, Trades

# I5: machines made are somewhere


def deliver_machines_twice(world, patch):
    def again(builders, trades):
        fleets, month = builders.registers.fleets, builders.registers.month
        fresh = fleets.machines.opens > month
        last = np.flatnonzero(fresh)[-1:]
        fleets.add(fleets.machines.where(last))

    after(patch, FleetOperators, "receive", again)


def forget_a_retired_lot(world, patch):
    after(patch, Fleets, "retire", lambda fleets, leaving, month: fleets.retired.fill(0))


def lose_machines_of_appliance_makers(world, patch):
    patch.setattr(Appliances, "receive", lambda appliances, trades: None)


def hand_the_same_machines_over_again(world, patch):
    def given(cost, fleets, seller, units, buyer):
        fleets.appliances = fleet.Machines.joined([fleets.appliances, fleets.appliances])
        return cost

    changed(patch, Fleets, "hand_over", given)


def lose_machines_in_enterprises(world, patch):
    patch.setattr(OwnCompute, "receive", lambda cellars, trades: None)


# I6: nothing is sold that was not there


def make_accelerators_beyond_capacity(world, patch):
    changed(patch, Chips, "supply", lambda had, *_: Supply(had.seller, had.good, had.units * 11 // 10))


def sell_hours_beyond_capacity(world, patch):
    changed(patch, Clouds, "supply", lambda had, *_: Supply(had.seller, had.good, had.units * 11 // 10))


def believe_in_twice_the_machines(world, patch):
    def doubled(builders, ledger, chance):
        for firm in builders.clouds:
            firm.capacity *= 2

    after(patch, FleetOperators, "arrive", doubled)


def serve_tokens_without_hours(world, patch):
    def all_asked(supply, labs, orders):
        return Supply.of((lab, good, units) for (lab, good), units in labs.asked.items())

    changed(patch, Labs, "supply", all_asked)


def serve_in_training_hours(world, patch):
    def all_hours(labs, trades):
        np.add.at(labs.got, trades.buyer, trades.quantity)

    after(patch, Labs, "receive", all_hours)


def sell_slots_twice(world, patch):
    changed(patch, Advertisers, "auction", lambda sold, *_: Trades.joined([sold, sold]))


def deliver_ones_hours_to_another(world, patch):
    def mixed_up(trades, orders, *_):
        hours = np.flatnonzero((orders.good == Good.HOURS)[: len(trades)])
        if not len(hours) or len(trades) != len(orders):
            return trades
        same = hours[trades.seller[hours] == trades.seller[hours[0]]]
        buyer = trades.buyer.copy()
        buyer[same] = np.roll(buyer[same], 1)
        return Trades(buyer, *(getattr(trades, name) for name in list(Trades.__dataclass_fields__)[1:]))

    changed(patch, world.economy.markets[1], "rule", mixed_up)


# I7: everybody is in one place


def count_payers_as_free_users_too(world, patch):
    def twice(counts, *_):
        counts[:, :, FREE] += counts[:, :, PAID]
        return counts

    changed(patch, Users, "count", twice)


def lose_a_person(world, patch):
    def one_less(users, *_):
        users.people.weight[0] -= 1

    after(patch, Users, "order", one_less)


# I8: book value is cost less wear


def wear_nothing(world, patch):
    patch.setattr(FleetOperators, "close", lambda builders, ledger, month: None)


def wear_another_lot(world, patch):
    def swapped(fleets, **columns):
        book, owner = columns["book"], fleets.machines.owner
        two = np.flatnonzero((owner == owner[0]) & (book > 0))[:2]
        if set(columns) == {"book"}:
            book[two] = book[two[::-1]]
        rewrite(fleets, **columns)

    rewrite = Fleets.rewrite
    patch.setattr(Fleets, "rewrite", swapped)


def wear_by_another_rule(world, patch):
    def rounded_each_month(cost, life, age):
        return np.where(age >= life, 0, cost * (life - age) // life)

    for place in (fleet, fleet_operators):
        patch.setattr(place, "straight_line", rounded_each_month)


def sell_appliances_at_no_cost(world, patch):
    after(patch, Appliances, "sold", lambda appliances, trades: appliances.machine_costs.clear())


def keep_machines_in_stock_that_are_gone(world, patch):
    def away(builders, trades):
        machines = builders.registers.fleets.machines
        cost = np.where(machines.opens > builders.registers.month, machines.cost - 1, machines.cost)
        builders.registers.fleets.rewrite(cost=cost)

    after(patch, FleetOperators, "receive", away)


# I11: no unit is given twice


def give_one_machine_twice(world, patch):
    def one_more(trades, orders, supply, *_):
        chips = trades.good == Good.ACCELERATORS
        if not chips.any():
            return trades
        ordered = {(b, s): units for b, _, s, _, units, _ in orders.rows()}
        rows = zip(trades.buyer.tolist(), trades.seller.tolist(), trades.quantity.tolist(), strict=True)
        short = next(row for row, (b, s, units) in enumerate(rows) if units < ordered[b, s])
        quantity = trades.quantity.copy()
        quantity[short] += 1
        cents = invoice(trades.good, quantity, trades.price)
        return Trades(trades.buyer, trades.item, trades.seller, trades.good, quantity, trades.price, cents)

    changed(patch, world.economy.markets[0], "rule", one_more)


MUTATIONS: Mutations = {  # the law that each breaks, and words of the complaint
    deliver_machines_twice: ("I5", "machines that nobody has"),
    forget_a_retired_lot: ("I5", "machines that nobody has"),
    lose_machines_in_enterprises: ("I5", "machines that nobody has"),
    lose_machines_of_appliance_makers: ("I5", "machines that nobody has"),
    hand_the_same_machines_over_again: ("I5", "machines that nobody has"),
    sell_appliances_at_no_cost: ("I8", "iflytek, chip_stock"),
    make_accelerators_beyond_capacity: ("I6", "accelerators with capacity for"),
    sell_hours_beyond_capacity: ("I6", "hours and had"),
    believe_in_twice_the_machines: ("I6", "hours and had"),
    serve_tokens_without_hours: ("I6", "served work of"),
    serve_in_training_hours: ("I6", "served work of"),
    sell_slots_twice: ("I6", "slots and showed"),
    deliver_ones_hours_to_another: ("I6", "more of hours than it ordered"),
    count_payers_as_free_users_too: ("I7", "people of"),
    lose_a_person: ("I7", "people of"),
    wear_nothing: ("I8", "less depreciation it is"),
    wear_another_lot: ("I8", "less depreciation it is"),
    wear_by_another_rule: ("I8", "less depreciation it is"),
    keep_machines_in_stock_that_are_gone: ("I8", "chip_stock"),
    give_one_machine_twice: ("I11", "chips"),
}
