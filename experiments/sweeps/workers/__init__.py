"""The workers of a sweep: processes on this machine or on a cluster that make runs."""
