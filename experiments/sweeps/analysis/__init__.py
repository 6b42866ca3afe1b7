"""Analysis of finished sweeps: bands, phase diagrams, sensitivity, calibration."""
