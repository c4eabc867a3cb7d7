"""What the text takes from the table of another lesson."""

from utils import data
from utils.data.files import DATA, sha256_of
from utils.data.tables import grouped

PAIRS = "augmentation_pairs.csv"


def test_a_network_of_ones_own_is_level_with_the_frozen_one():
    groups = grouped(PAIRS, sha256_of(DATA / PAIRS), keys=2)
    own = groups["rendered8", "one cycle"][:, 3]
    frozen = data.project_accuracies("transfer_learning", "rendered8")["frozen 100"].test
    assert f"{own.mean():.0%}, {frozen.mean():.0%}" == "89%, 89%"
