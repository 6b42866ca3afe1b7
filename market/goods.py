"""Goods that are traded, and the layers and regions of those who trade them."""

from enum import IntEnum
from typing import NamedTuple

LAYERS = ("chips", "cloud", "labs", "apps", "users", "enterprises", "advertisers", "investors", "lenders", "world")
REGIONS = ("west", "china")
HOME = REGIONS[0]  # the region of accounts that belong to none
CHAIN = LAYERS[:4]  # the layers whose firms keep books of their own and can fail
SECTORS = LAYERS[4:7]  # customers outside the chain, an account for each region
FUNDERS = LAYERS[7:]

MILLION = 1_000_000
NANO = 1_000_000_000  # prices are posted in whole nano-dollars
NANO_A_CENT = NANO // 100
HOURS_A_MONTH = 730


HOUR = "H100-equivalent GPU-hour"
CENT = "US cent"  # the unit of whatever is an amount of money alone: pay, a lump sum, a transfer


class Traded(NamedTuple):
    """A good or a reason for a payment: its name, its unit, and how many units one posted price buys."""

    name: str
    unit: str
    per: int = 1


class Good(IntEnum):
    """Every good and every reason for which money moves; the number is what the journal's columns hold."""

    ACCELERATORS = 0
    HOURS = 1
    TOKENS_CACHED = 2
    TOKENS_INPUT = 3
    TOKENS_OUTPUT = 4
    SEATS = 5
    QUERIES_PAID = 6
    QUERIES_FREE = 7
    ATTENTION = 8
    FOUNDRY = 9
    FOUNDRY_CAPACITY = 10
    BUILDING = 11
    POWER = 12
    SITE = 13
    WAGES = 14
    RESEARCH = 15
    MEDIA = 16
    INCOME = 17
    SHARES = 18
    CONTRIBUTION = 19
    DIVIDEND = 20
    DEPOSIT = 21
    ARREARS = 22
    SALVAGE = 23
    WEAR = 24
    WRITE_OFF = 25
    OPENING = 26
    CLOSING = 27
    IMPAIRMENT = 28
    HOURS_RESERVED = 29
    INTEREST = 30
    LOAN = 31
    REPAYMENT = 32
    REVENUE_SHARE = 33
    SEARCH_CALLS = 34
    TRANSACTIONS = 35
    CONTENT = 36
    APPLIANCES = 37
    SEATS_BUSINESS = 38
    QUERIES_BUSINESS = 39
    DEVICES = 40
    SEARCH_INDEX = 41
    BAD_DEBTS = 42
    FOUNDRY_UNUSED = 43
    TOKENS_CACHED_OLDER = 44
    TOKENS_INPUT_OLDER = 45
    TOKENS_OUTPUT_OLDER = 46
    TOKENS_CACHED_SMALL = 47
    TOKENS_INPUT_SMALL = 48
    TOKENS_OUTPUT_SMALL = 49


GOODS: dict[Good, Traded] = {
    Good.ACCELERATORS: Traded("accelerators", "accelerator"),
    Good.HOURS: Traded("gpu_hours", HOUR),
    Good.TOKENS_CACHED: Traded("tokens_cached", "token", MILLION),
    Good.TOKENS_INPUT: Traded("tokens_input", "token", MILLION),
    Good.TOKENS_OUTPUT: Traded("tokens_output", "token", MILLION),
    Good.SEATS: Traded("seats", "seat-month"),
    Good.QUERIES_PAID: Traded("queries_paid", "query"),
    Good.QUERIES_FREE: Traded("queries_free", "query"),
    Good.ATTENTION: Traded("attention", "ad slot"),
    Good.FOUNDRY: Traded("foundry", "accelerator"),
    Good.FOUNDRY_CAPACITY: Traded("foundry_capacity", CENT),
    Good.BUILDING: Traded("building", "accelerator"),
    Good.POWER: Traded("power", HOUR),
    Good.SITE: Traded("site", HOUR),
    Good.WAGES: Traded("wages", CENT),
    Good.RESEARCH: Traded("research", CENT),
    Good.MEDIA: Traded("media", CENT),
    Good.INCOME: Traded("income", CENT),
    Good.SHARES: Traded("shares", "share"),
    Good.CONTRIBUTION: Traded("contribution", "share"),
    Good.DIVIDEND: Traded("dividend", CENT),
    Good.DEPOSIT: Traded("deposit", CENT),
    Good.ARREARS: Traded("arrears", CENT),
    Good.SALVAGE: Traded("salvage", CENT),
    Good.WEAR: Traded("wear", "entry"),
    Good.WRITE_OFF: Traded("write_off", "entry"),
    Good.OPENING: Traded("opening", "entry"),
    Good.CLOSING: Traded("closing", "entry"),
    Good.IMPAIRMENT: Traded("impairment", "entry"),
    Good.HOURS_RESERVED: Traded("hours_reserved", HOUR),
    Good.INTEREST: Traded("interest", CENT),
    Good.LOAN: Traded("loan", CENT),
    Good.REPAYMENT: Traded("repayment", CENT),
    Good.REVENUE_SHARE: Traded("revenue_share", CENT),
    Good.SEARCH_CALLS: Traded("search_calls", "query"),
    Good.TRANSACTIONS: Traded("transactions", CENT),
    Good.CONTENT: Traded("content", CENT),
    Good.APPLIANCES: Traded("appliances", "appliance"),
    Good.SEATS_BUSINESS: Traded("seats_business", "seat-month"),
    Good.QUERIES_BUSINESS: Traded("queries_business", "query"),
    Good.DEVICES: Traded("devices", "device"),
    Good.SEARCH_INDEX: Traded("search_index", "index-month"),
    Good.BAD_DEBTS: Traded("bad_debts", "entry"),
    Good.FOUNDRY_UNUSED: Traded("foundry_unused", "accelerator"),
    Good.TOKENS_CACHED_OLDER: Traded("tokens_cached_older", "token", MILLION),
    Good.TOKENS_INPUT_OLDER: Traded("tokens_input_older", "token", MILLION),
    Good.TOKENS_OUTPUT_OLDER: Traded("tokens_output_older", "token", MILLION),
    Good.TOKENS_CACHED_SMALL: Traded("tokens_cached_small", "token", MILLION),
    Good.TOKENS_INPUT_SMALL: Traded("tokens_input_small", "token", MILLION),
    Good.TOKENS_OUTPUT_SMALL: Traded("tokens_output_small", "token", MILLION),
}
TOKENS = (Good.TOKENS_CACHED, Good.TOKENS_INPUT, Good.TOKENS_OUTPUT)  # of a lab's flagship, and of open weights
# Tokens of each model of a lab's line: its flagship, the one before, and a small one
TOKENS_OF_LINE = (
    TOKENS,
    (Good.TOKENS_CACHED_OLDER, Good.TOKENS_INPUT_OLDER, Good.TOKENS_OUTPUT_OLDER),
    (Good.TOKENS_CACHED_SMALL, Good.TOKENS_INPUT_SMALL, Good.TOKENS_OUTPUT_SMALL),
)
ALL_TOKENS = tuple(good for goods in TOKENS_OF_LINE for good in goods)
ALL_HOURS = (Good.HOURS, Good.HOURS_RESERVED)  # at spot and under contract
