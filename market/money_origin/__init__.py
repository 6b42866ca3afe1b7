"""Where money comes from: each account's cash by its source, followed from payment to payment."""
