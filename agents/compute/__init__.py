"""Compute: machines and hours, as firms of any layer own, rent and use them."""
