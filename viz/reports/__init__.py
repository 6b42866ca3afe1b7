"""Reports: self-contained HTML files, made from the tables of a run, a sweep, a story or an analysis."""
