"""What the text invites to change can be changed."""

from tests.kit.changes import survives

test_the_page_survives_what_it_invites_to = survives(
    "regularization",
    [
        ("stopping_epoch(history.val_loss, patience=5)", "stopping_epoch(history.val_loss, 2)"),
        ("stopping_epoch(history.val_loss, patience=5)", "stopping_epoch(history.val_loss, 10)"),
        (
            "block_cnn((32, 32, 3), len(classes)), Temp",
            "block_cnn((32, 32, 3), len(classes), 0.3), Temp",
        ),
    ],
)
