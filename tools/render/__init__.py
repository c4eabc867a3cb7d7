"""Renders the course's image set from parametric models: `python -m tools.render.images`.

`classes/` builds an object (NumPy only), `plan` draws everything else about a picture, `framing`
points the camera, `scene` hands it all to Blender, `images` runs the whole set. `volumes` makes
occupancy grids of the same objects.
"""
