"""The fits that come with Water Sellers, by the scenario that they are of, in the order in which they were made."""

from pathlib import Path

from watersellers import experiments

OF_PATHS = ("upstream", "downstream", "joint")  # in the order in which they were made, when demand was put in by paths
LAWS = ("mansfield", "epidemic", "probit")
OF_WORK = {law: (f"work_{law}", f"chain_{law}") for law in LAWS}  # the fits of each law, in their order
SCENARIO = {"mansfield": "plain", "epidemic": "plain_epidemic", "probit": "plain_probit"}  # of each law
SERIES = {"dollar_paths": OF_PATHS} | {SCENARIO[law]: OF_WORK[law] for law in LAWS}  # of fits, by the scenario
EVERY = tuple(name for names in SERIES.values() for name in names)
IN_TABLE = (*OF_PATHS, *OF_WORK["mansfield"])
OLD_PATHS = ("_low", "_high", ".middle", ".width", ".own_use_middle", ".own_use_width")  # dollars that follow time
TABLE = Path(experiments.__file__).with_name("parameters.csv")
