"""What we see: charts as functions of tables, and the reports made of them."""
