"""The accuracies that the lesson quotes."""

from lessons.convolutional_networks import records


def test_digit_accuracies_hold_eight_starts_of_four_networks():
    table = records.accuracies()
    assert {digits for digits, _ in table} == {"centered", "anywhere"}
    assert len(table) == 8
    for accuracies in table.values():
        assert accuracies.shape == (8,)
        assert (accuracies > 0.5).all()
        assert (accuracies < 1).all()
