"""Actions on a page of the lab without a browser: press, wait, and live some months."""

QUERY = "users=100&seed=4"


def press(lab, do, value=None):
    lab.act({"do": do, "value": value})


def wait_for_months(lab, months):
    lab.runner.wait_for(lambda view: len(view.snapshots) >= months and not view.busy, 60)


def steps(lab, count):
    for number in range(1, count + 1):
        press(lab, "step")
        wait_for_months(lab, number)
