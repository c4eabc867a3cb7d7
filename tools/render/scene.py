"""From a plan to a picture: Blender's Cycles on one thread of the CPU.

The only module that imports Blender. `start` once, then `render` as often as you like.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from math import cos, pi, radians, sin
from pathlib import Path

import bpy
import numpy as np
from mathutils import Matrix, Vector

from .colors import Color, from_hex, scaled
from .framing import SENSOR, View, aim, occluder_place
from .model import Model, Paint
from .plan import SIDE, SPLITS, Camera, Ground, Plan, Sky, Sun, Thing, Wall
from .shapes import Part, moved, shifted, turned, vertices
from .things import thing

SAMPLES = 16
MORTAR = (0.7, 0.68, 0.64)


class Nodes:
    """A few words for building a node tree."""

    def __init__(self, tree: bpy.types.NodeTree):
        self.tree = tree

    def add(self, kind: str, **inputs: object) -> bpy.types.Node:
        """A node such as TexNoise, with values for its inputs (Mortar_Size for "Mortar Size")."""
        node = self.tree.nodes.new(f"ShaderNode{kind}")
        for name, value in inputs.items():
            node.inputs[name.replace("_", " ")].default_value = value
        return node

    def link(self, source: bpy.types.NodeSocket, target: bpy.types.NodeSocket) -> None:
        """Let one node's output be another's input."""
        self.tree.links.new(source, target)

    def texture(self, kind: str, place: bpy.types.NodeSocket, **inputs: object) -> bpy.types.Node:
        """A texture node that is read at a place."""
        node = self.add(f"Tex{kind}", **inputs)
        self.link(place, node.inputs["Vector"])
        return node

    def place(
        self, offset: tuple[float, float, float], turn: float, tip: float = 0.0
    ) -> bpy.types.NodeSocket:
        """Coordinates of the object, shifted, turned about z and tipped about x (radians)."""
        coordinates = self.add("TexCoord")
        mapping = self.add("Mapping", Location=offset, Rotation=(tip, 0, turn))
        self.link(coordinates.outputs["Object"], mapping.inputs["Vector"])
        return mapping.outputs["Vector"]

    def mix(
        self,
        factor: bpy.types.NodeSocket,
        colors: tuple[Color, Color],
        between: tuple[float, float],
    ) -> bpy.types.NodeSocket:
        """The first color where the factor is low, the second where it is high."""
        ramp = self.add("ValToRGB")
        for element, color, position in zip(ramp.color_ramp.elements, colors, between, strict=True):
            element.position, element.color = position, linear(color)
        self.link(factor, ramp.inputs["Fac"])
        return ramp.outputs["Color"]

    def multiply(
        self, first: bpy.types.NodeSocket, second: bpy.types.NodeSocket
    ) -> bpy.types.NodeSocket:
        """The product of two colors."""
        node = self.add("VectorMath")
        node.operation = "MULTIPLY"
        self.link(first, node.inputs[0])
        self.link(second, node.inputs[1])
        return node.outputs["Vector"]

    def bump(self, height: bpy.types.NodeSocket, strength: float, shader: bpy.types.Node) -> None:
        """Let a shader's surface look uneven."""
        node = self.add("Bump", Strength=strength)
        self.link(height, node.inputs["Height"])
        self.link(node.outputs["Normal"], shader.inputs["Normal"])


Look = Callable[[Nodes, bpy.types.NodeSocket], bpy.types.NodeSocket]


def linear(color: Color) -> tuple[float, float, float, float]:
    """An sRGB color as Blender's linear RGBA."""
    channels = np.asarray(color, float)
    curved = ((channels + 0.055) / 1.055) ** 2.4
    return (*np.where(channels <= 0.04045, channels / 12.92, curved).tolist(), 1.0)


def _shader(name: str, **inputs: object) -> tuple[bpy.types.Material, Nodes, bpy.types.Node]:
    """A new material, its nodes, and the shader among them."""
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    shader = made.node_tree.nodes["Principled BSDF"]
    for key, value in inputs.items():
        shader.inputs[key.replace("_", " ")].default_value = value
    return made, Nodes(made.node_tree), shader


def material(name: str, paint: Paint, offset: float) -> bpy.types.Material:
    """The material of a part; `offset` moves the pattern, so that no two objects share it."""
    look = {"Base_Color": linear(paint.color), "Roughness": paint.roughness}
    made, nodes, shader = _shader(name, **look, Metallic=paint.metallic)
    place = nodes.place((offset, 2 * offset, 3 * offset), 0.0)
    if paint.pattern != "plain":
        nodes.link(PATTERNS[paint.pattern](nodes, place, paint), shader.inputs["Base Color"])
    if paint.bump:
        nodes.bump(nodes.texture("Noise", place, Scale=60.0).outputs[0], paint.bump, shader)
    return made


def _stripes(nodes: Nodes, place: bpy.types.NodeSocket, paint: Paint) -> bpy.types.NodeSocket:
    wave = nodes.texture("Wave", place, Scale=paint.scale, Distortion=4.0, Detail=1.0)
    return nodes.mix(wave.outputs["Fac"], (paint.color, paint.second), (0.4, 0.6))


def _patches(nodes: Nodes, place: bpy.types.NodeSocket, paint: Paint) -> bpy.types.NodeSocket:
    noise = nodes.texture("Noise", place, Scale=paint.scale, Detail=1.0)
    return nodes.mix(noise.outputs["Fac"], (paint.color, paint.second), (0.49, 0.53))


def _speckles(nodes: Nodes, place: bpy.types.NodeSocket, paint: Paint) -> bpy.types.NodeSocket:
    noise = nodes.texture("Noise", place, Scale=paint.scale, Detail=4.0)
    return nodes.mix(noise.outputs["Fac"], (paint.color, paint.second), (0.35, 0.65))


def _spots(nodes: Nodes, place: bpy.types.NodeSocket, paint: Paint) -> bpy.types.NodeSocket:
    cells = nodes.texture("Voronoi", place, Scale=paint.scale)
    return nodes.mix(cells.outputs["Distance"], (paint.second, paint.color), (0.3, 0.36))


PATTERNS = {"stripes": _stripes, "patches": _patches, "speckles": _speckles, "spots": _spots}


def surface(name: str, ground: Ground) -> bpy.types.Material:
    """The material of a floor or a wall."""
    roughness = 0.12 if ground.kind == "water" else 0.9
    made, nodes, shader = _shader(name, Roughness=roughness)
    place = nodes.place((ground.offset, 3 * ground.offset, 0), ground.offset)
    colors = from_hex(ground.color), from_hex(ground.second)
    color, height = SURFACES[ground.kind](nodes, place, colors, ground.scale)
    nodes.link(color, shader.inputs["Base Color"])
    if ground.kind in ("snow", "gravel", "leaves", "water"):
        nodes.bump(height, 0.5, shader)
    return made


Colors = tuple[Color, Color]
Surface = tuple[bpy.types.NodeSocket, bpy.types.NodeSocket]
"""The outputs for color and for height."""


def _noise(nodes: Nodes, place: bpy.types.NodeSocket, colors: Colors, scale: float) -> Surface:
    noise = nodes.texture("Noise", place, Scale=scale, Detail=8.0, Roughness=0.7)
    return nodes.mix(noise.outputs["Fac"], colors, (0.35, 0.65)), noise.outputs["Fac"]


def _tiles(nodes: Nodes, place: bpy.types.NodeSocket, colors: Colors, scale: float) -> Surface:
    first, second = map(linear, colors)
    checker = nodes.texture("Checker", place, Scale=scale, Color1=first, Color2=second)
    return checker.outputs["Color"], checker.outputs["Fac"]


def _bricks(nodes: Nodes, place: bpy.types.NodeSocket, colors: Colors, scale: float) -> Surface:
    first, second = map(linear, colors)
    joints = {"Mortar": linear(MORTAR), "Mortar_Size": 0.02}
    brick = nodes.texture("Brick", place, Scale=scale, Color1=first, Color2=second, **joints)
    return brick.outputs["Color"], brick.outputs["Fac"]


def _planks(nodes: Nodes, place: bpy.types.NodeSocket, colors: Colors, scale: float) -> Surface:
    first, second = map(linear, colors)
    gaps = {"Mortar": linear(scaled(colors[0], 0.6)), "Mortar_Size": 0.008}
    sizes = {"Brick_Width": 1.6, "Row_Height": 0.22}
    plank = nodes.texture("Brick", place, Scale=scale, Color1=first, Color2=second, **gaps, **sizes)
    return plank.outputs["Color"], plank.outputs["Fac"]


def _cells(nodes: Nodes, place: bpy.types.NodeSocket, colors: Colors, scale: float) -> Surface:
    cells = nodes.texture("Voronoi", place, Scale=scale)
    distance = cells.outputs["Distance"]
    return nodes.mix(distance, colors[::-1], (0.0, 0.5)), distance


def _pieces(nodes: Nodes, place: bpy.types.NodeSocket, colors: Colors, scale: float) -> Surface:
    """Stones or leaves: cells, each in a shade of its own."""
    cells = nodes.texture("Voronoi", place, Scale=scale)
    shade = nodes.add("SeparateColor")
    nodes.link(cells.outputs["Color"], shade.inputs["Color"])
    return nodes.mix(shade.outputs["Red"], colors, (0.1, 0.9)), cells.outputs["Distance"]


def _weave(nodes: Nodes, place: bpy.types.NodeSocket, colors: Colors, scale: float) -> Surface:
    wave = nodes.texture("Wave", place, Scale=scale, Distortion=1.5)
    return nodes.mix(wave.outputs["Fac"], colors, (0.2, 0.8)), wave.outputs["Fac"]


def _water(nodes: Nodes, place: bpy.types.NodeSocket, colors: Colors, scale: float) -> Surface:
    wave = nodes.texture("Wave", place, Scale=scale, Distortion=9.0, Detail=3.0)
    return nodes.mix(wave.outputs["Fac"], colors, (0.1, 0.9)), wave.outputs["Fac"]


SURFACES = {
    "noise": _noise,
    "tiles": _tiles,
    "planks": _planks,
    "cells": _cells,
    "weave": _weave,
    "bricks": _bricks,
    "snow": _noise,
    "gravel": _pieces,
    "leaves": _pieces,
    "water": _water,
}


def _add(name: str, data: bpy.types.ID) -> bpy.types.Object:
    """An object of the scene that shows a mesh, or is a lamp or a camera."""
    made = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(made)
    return made


def _mesh(name: str, parts: Sequence[Part], look: bpy.types.Material) -> bpy.types.Mesh:
    """One mesh of several parts."""
    faces, first = [], 0
    for part in parts:
        points, polygons = part.mesh()
        faces += [tuple(first + number for number in polygon) for polygon in polygons]
        first += len(points)
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(vertices(parts), [], faces)
    mesh.shade_smooth()
    mesh.set_sharp_from_angle(angle=radians(40))
    mesh.materials.append(look)
    return mesh


def add_model(
    parts: Sequence[Part], paints: Mapping[str, Paint], offset: float, degrees: float = 0.0
) -> None:
    """The parts of an object, one mesh a material, turned about the z axis."""
    groups = defaultdict(list)
    for part in parts:
        groups[part.material].append(part)
    for name, members in groups.items():
        made = _add(name, _mesh(name, members, material(name, paints[name], offset)))
        made.rotation_euler = (0, 0, radians(degrees))


def _add_plane(name: str, ground: Ground, corners: Sequence[tuple]) -> bpy.types.Object:
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(corners, [], [(0, 1, 2, 3)])
    mesh.materials.append(surface(name, ground))
    return _add(name, mesh)


def add_floor(ground: Ground) -> None:
    """A floor as far as one can see."""
    _add_plane("floor", ground, [(-60, -60, 0), (60, -60, 0), (60, 60, 0), (-60, 60, 0)])


def add_wall(wall: Wall) -> None:
    """A wall behind the object, a little oblique."""
    corners = [(-40, 0, 0), (40, 0, 0), (40, 30, 0), (-40, 30, 0)]
    made = _add_plane("wall", wall.ground, corners)
    made.rotation_euler = (pi / 2, 0, radians(90 + wall.turn))
    made.location = (-wall.distance, 0, 0)


def add_sky(sky: Sky) -> None:
    """A sky that goes from one color at the horizon to another overhead."""
    world = bpy.data.worlds.new("sky")
    bpy.context.scene.world = world
    world.use_nodes = True
    world.cycles.sampling_method, world.cycles.sample_map_resolution = "MANUAL", 64
    nodes, background = Nodes(world.node_tree), world.node_tree.nodes["Background"]
    coordinates, split = nodes.add("TexCoord"), nodes.add("SeparateXYZ")
    nodes.link(coordinates.outputs["Generated"], split.inputs[0])
    colors = from_hex(sky.horizon), from_hex(sky.zenith)
    nodes.link(nodes.mix(split.outputs["Z"], colors, (0.0, 0.6)), background.inputs["Color"])
    background.inputs["Strength"].default_value = sky.strength


def add_sun(sun: Sun) -> None:
    """A sun, or a moon."""
    light = bpy.data.lights.new("sun", "SUN")
    light.energy, light.angle = sun.strength, radians(sun.softness)
    light.color = linear(from_hex(sun.color))[:3]
    azimuth, height = radians(sun.azimuth), radians(sun.height)
    way = Vector((cos(azimuth) * cos(height), sin(azimuth) * cos(height), sin(height)))
    _add("sun", light).rotation_euler = way.to_track_quat("Z", "Y").to_euler()


def add_lamp(power: float, azimuth: float) -> None:
    """A warm street lamp beside the camera, as bright as `power` in watts."""
    light = bpy.data.lights.new("lamp", "POINT")
    light.energy, light.shadow_soft_size, light.color = power, 0.2, (1.0, 0.72, 0.42)
    angle = radians(azimuth)
    _add("lamp", light).location = (1.8 * cos(angle), 1.8 * sin(angle), 2.2)


def add_camera(view: View, camera: Camera) -> None:
    """The camera of a view, which puts its target off the middle of the picture."""
    lens = bpy.data.cameras.new("camera")
    lens.lens, lens.sensor_width = camera.focal, SENSOR
    lens.shift_x, lens.shift_y = -camera.off_x, -camera.off_y
    made = _add("camera", lens)
    columns = np.stack([view.right, view.up, view.away, view.place], axis=1)
    made.matrix_world = Matrix([*columns.tolist(), (0, 0, 0, 1)])
    bpy.context.scene.camera = made


def add_thing(kind: str, size: float, color: str, x: float, y: float) -> None:
    """A distractor on the floor at a place."""
    parts = moved(thing(kind, size), shifted(x, y))
    add_model(parts, {"thing": Paint(from_hex(color), roughness=0.6)}, 0.0)


def compose(plan: Plan, model: Model) -> None:
    """Fill the empty scene with all that a plan names."""
    scene, camera = plan.scene, plan.scene.camera
    points = vertices(moved(model.parts, turned(-camera.azimuth)))
    view = aim(_swept(points) if plan.split == "turntable" else points, camera)
    add_model(model.parts, model.paints, 50 * plan.seed / 2**32, -camera.azimuth)
    add_floor(scene.ground)
    if scene.wall:
        add_wall(scene.wall)
    for item in filter(None, (scene.thing_1, scene.thing_2)):
        add_thing(item.kind, item.size, item.color, *_standing(item))
    if scene.occluder:
        place = occluder_place(view, points, scene.occluder)
        add_thing(scene.occluder.kind, scene.occluder.size, scene.occluder.color, *place)
    add_sky(scene.sky)
    add_sun(scene.sun)
    if scene.lamp:
        add_lamp(scene.lamp, scene.sun.azimuth)
    add_camera(view, camera)


def _swept(points: np.ndarray) -> np.ndarray:
    """Points in every turn of the turntable, so that all its views share one camera."""
    some, views = points[::7], SPLITS["turntable"]
    return np.concatenate([some @ turned(360 * k / views)[:, :3].T for k in range(views)])


def _standing(item: Thing) -> tuple[float, float]:
    angle = radians(item.angle)
    return item.distance * cos(angle), item.distance * sin(angle)


def start() -> None:
    """An empty scene with the render settings of the set: deterministic, on one thread."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    cycles = scene.cycles
    cycles.device, cycles.samples, cycles.seed = "CPU", SAMPLES, 0
    cycles.use_adaptive_sampling = False
    cycles.max_bounces, cycles.diffuse_bounces = 4, 2
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.denoising_input_passes = "RGB_ALBEDO_NORMAL"
    scene.render.threads_mode, scene.render.threads = "FIXED", 1
    scene.render.resolution_percentage = 100
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    scene.render.image_settings.file_format = "PNG"


def clear() -> None:
    """Remove all that a picture added, and keep the settings."""
    data = bpy.data
    for kind in (data.objects, data.meshes, data.materials, data.lights, data.cameras, data.worlds):
        for item in list(kind):
            kind.remove(item)


def render(plan: Plan, png: Path) -> None:
    """Render a plan to a PNG of SIDE x SIDE pixels."""
    clear()
    compose(plan, plan.model())
    _shoot(png, SIDE)


def render_bricks(png: Path) -> None:
    """Render a brick wall to a PNG of 256 x 256 pixels: a photograph-like picture in color."""
    clear()
    corners = [(-4, 0, -4), (4, 0, -4), (4, 0, 4), (-4, 0, 4)]
    mesh = bpy.data.meshes.new("bricks")
    mesh.from_pydata(corners, [], [(0, 1, 2, 3)])
    mesh.materials.append(_brick_wall())
    _add("bricks", mesh)
    add_sky(Sky("#8fb0e0", "#dfe6ee", 0.5))
    add_sun(Sun(azimuth=-160, height=35, strength=5.5, color="#fff0d8", softness=1))
    view = View(3.0, np.zeros(3), *np.array([(1.0, 0, 0), (0, 0, 1), (0, -1, 0)]), focal=50)
    add_camera(view, Camera(0, 0, 50, 1, 0, 0, 0))
    _shoot(png, 256)


def _brick_wall() -> bpy.types.Material:
    """Bricks of many reds with soot and grain, and light mortar that lies deeper."""
    made, nodes, shader = _shader("bricks", Roughness=0.9)
    place = nodes.place((0.3, 0.1, 0.0), 0.0, tip=-pi / 2)
    sizes = {"Scale": 1.5, "Mortar_Size": 0.028, "Mortar_Smooth": 0.6, "Bias": -0.1}
    shades = {"Color1": linear((0.72, 0.36, 0.24)), "Color2": linear((0.36, 0.16, 0.13))}
    brick = nodes.texture("Brick", place, **sizes, **shades, Mortar=linear((0.78, 0.75, 0.68)))
    grain = nodes.texture("Noise", place, Scale=9.0, Detail=10.0, Roughness=0.75)
    soot = nodes.mix(grain.outputs["Fac"], ((0.5, 0.47, 0.45), (1, 1, 1)), (0.3, 0.62))
    nodes.link(nodes.multiply(brick.outputs["Color"], soot), shader.inputs["Base Color"])
    deep = nodes.add("Math")
    deep.operation = "MULTIPLY_ADD"
    nodes.link(brick.outputs["Fac"], deep.inputs[0])
    deep.inputs[1].default_value = -1.6
    nodes.link(grain.outputs["Fac"], deep.inputs[2])
    nodes.bump(deep.outputs["Value"], 1.0, shader)
    return made


def _shoot(png: Path, side: int) -> None:
    render_settings = bpy.context.scene.render
    render_settings.resolution_x = render_settings.resolution_y = side
    render_settings.filepath = str(png)
    bpy.ops.render.render(write_still=True)
