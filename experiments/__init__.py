"""What we ask of the model: parameters, scenarios, runs, studies, and the command line."""
