# Everything a maintainer types. `make lab` and `make test` do their own set-up.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8888
BOARD_PORT ?= 8770
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)

# Without byte-compiled files TensorFlow takes 13 s to import instead of 5.
unexport PYTHONDONTWRITEBYTECODE

# A folder that was moved or renamed is set up again: what is installed knows its old place.
ifneq ($(shell cat .venv/place 2>/dev/null || pwd),$(shell pwd))
$(shell rm -f .venv/students .venv/maintainers)
endif

.PHONY: help lab board test test-all weekly test-lowest test-highest notebooks solved guide graded grade release slides site images bench format pins clean

help:
	@echo "make lab        open the course in JupyterLab"
	@echo "make board      show where a class is stuck, live; docs/board.md"
	@echo "make test       lint, units, every notebook re-executed: ten minutes"
	@echo "make test-all   these, and every check, figure, widget and edition tried: before a change lands"
	@echo "make weekly     the tests that take minutes: searches that are killed, a pretraining"
	@echo "make test-lowest, make test-highest  units and notebooks with the oldest and the newest"
	@echo "                versions that pyproject.toml allows, on every Python that is here"
	@echo "make notebooks  build the notebooks whose lesson changed"
	@echo "make solved     the solved lessons with instructor notes, in build/solved"
	@echo "make guide      the instructor's guide with an exam, in build/guide; SEED=7 draws other numbers"
	@echo "make graded     LESSON=convolution: its exercises for nbgrader, in build/graded; docs/grading.md"
	@echo "make grade      LESSON=convolution: grade what a class handed in"
	@echo "make release    the zip that students get, build/course.zip"
	@echo "make slides     a deck for each lesson, in build/slides; opens without a network"
	@echo "make site       the book: a page and a handout for each lesson, in build/site"
	@echo "make images     render what is missing of the image set, in data/rendered8 (half an hour)"
	@echo "make bench      speed of the reference convolution against SciPy and Keras"
	@echo "make format     format and lint what ruff can mend"
	@echo "make pins       pin the newest dependencies inside the ranges of pyproject.toml"

lab: .venv/students
	@$(BIN)/python tools/editions/start/work.py
	$(BIN)/python -m jupyterlab --port=$(PORT) $(AS_ROOT) work/00_welcome.ipynb

board: .venv/students
	@$(BIN)/python -m tools.board --port $(BOARD_PORT) $(if $(filter-out http%,$(COURSE_CLASS)),--folder "$(COURSE_CLASS)")

test: .venv/maintainers
	$(BIN)/python tools/test.py

test-all: .venv/maintainers
	$(BIN)/python tools/test.py --all

weekly: .venv/maintainers
	$(BIN)/python tools/test.py --weekly

test-lowest test-highest: .venv/maintainers
	$(BIN)/python tools/versions.py $(@:test-%=%)

notebooks: .venv/maintainers
	$(BIN)/python tools/build.py

solved: .venv/maintainers
	$(BIN)/python tools/build.py --solved

guide: .venv/maintainers
	@$(BIN)/python -m tools.editions.guide $(if $(SEED),--seed "$(SEED)")

graded: .venv/maintainers
	@$(BIN)/python -m tools.editions.graded $(if $(INTO),--into "$(INTO)") $(LESSON)

grade: .venv/maintainers
	@$(BIN)/python -m tools.editions.grade $(if $(INTO),--course "$(INTO)") $(LESSON)

release: .venv/maintainers
	@$(BIN)/python -m tools.editions.release

slides: .venv/maintainers
	$(BIN)/python -m tools.editions.slides

site: .venv/maintainers
	@$(BIN)/python -m tools.editions.site $(if $(ZIP),--zip "$(ZIP)")

images: .venv/render
	.venv/render/bin/python -m tools.render.images
	.venv/render/bin/python -m tools.render.volumes

bench: .venv/maintainers
	$(BIN)/python -m pytest tests/bench_convolution.py -q -s --benchmark-columns=min,median,rounds

format: .venv/maintainers
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

COMPILE := $(BIN)/uv pip compile --universal --fork-strategy fewest --python-version 3.11 \
	--no-header --no-annotate --upgrade --quiet
pins: .venv/maintainers
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) --group dev --constraint requirements.txt -o requirements-dev.txt

clean:
	rm -rf .venv build .pytest_cache .ruff_cache .hypothesis .benchmarks *.egg-info

.venv/bin/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v <= (3, 13) \
	    else "The course needs Python 3.11 to 3.13; this is %d.%d. Try: make PYTHON=python3.12 $(MAKECMDGOALS)" % v)'
	$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

# uv installs in a third of pip's time.
INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode

.venv/students: requirements.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet "uv>=0.5,<1"
	$(INSTALL) --requirement requirements.txt --editable .
	@pwd > .venv/place
	@touch $@

.venv/maintainers: requirements-dev.txt .venv/students
	$(INSTALL) --requirement requirements-dev.txt
	@touch $@

# Blender's module needs Python 3.11, which uv fetches where there is none.
.venv/render: tools/render/requirements.txt | .venv/maintainers
	rm -rf $@
	$(BIN)/uv venv --quiet --python 3.11 $@
	$(BIN)/uv pip install --quiet --python $@/bin/python --requirement $<
	@touch $@
