"""What the text invites to change can be changed."""

from tests.kit.changes import survives

SHORT = [
    ("(x_val, y_val), 25", "(x_val, y_val), 3"),
    ("epochs=4", "epochs=1"),
    ("(x_val, y_val), 8", "(x_val, y_val), 2"),
]
"""So few epochs that the page takes seconds."""

test_the_page_survives_what_it_invites_to = survives(
    "regularization",
    [
        *SHORT,
        ("stopping_epoch(history.val_loss, patience=5)", "stopping_epoch(history.val_loss, 10)"),
        (
            "block_cnn((32, 32, 3), len(classes)), Temp",
            "block_cnn((32, 32, 3), len(classes), 0.3), Temp",
        ),
    ],
)
