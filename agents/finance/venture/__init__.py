"""Pools of venture money: what one pool has, remembers, expects and believes."""
