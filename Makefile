# 吹哨 Whistle. `make` alone prints what can be done.
PYTHON ?= python3
VENV   ?= .venv
PORT   ?= 8000
BIN    := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run demo test faults check play bench lint format migration clean

help: ## 列出可用的命令 · list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: $(VENV)/installed ## 启动演示：浏览器打开显示的网址 · start the demonstration (PORT=9000 make run)
	@WHISTLE_DEMO=1 exec $(BIN)/whistle serve --port $(PORT)

demo: $(VENV)/installed ## 生成半年的演示数据，再 make run 看 · fill an empty demonstration with half a year
	@$(BIN)/whistle demo

test: $(VENV)/developing ## 全部测试 · every check and test
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 --dist loadgroup

faults: $(VENV)/developing ## 断电、断库、断网，各两百次 · kills, crashes and cuts, two hundred each (20 minutes)
	WHISTLE_KILLS=200 $(BIN)/python -m pytest -n 2 --dist loadgroup tests/faults

check: $(VENV)/installed ## 检查县文件夹 · check the shipped county folder
	$(BIN)/whistle check bpmn/duchang

play: $(VENV)/installed ## 演练县里的故事 · play the county's stories
	$(BIN)/whistle play bpmn/duchang

bench: $(VENV)/developing ## 测速，每行一个 JSON · measure; JSON lines (FIGURES=submit,inbox make bench)
	@$(BIN)/python -m tests.bench $(FIGURES)

lint: $(VENV)/developing ## 代码检查 · style, types, import arrows
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

format: $(VENV)/developing ## 整理代码格式 · format the code
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .

clean: ## 删去虚拟环境和演示数据 · remove the virtual environment and the demonstration's data
	rm -rf $(VENV) var

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo '需要 Python 3.11 或更新 · Python 3.11 or newer is needed (make run PYTHON=python3.12)'; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	@echo '正在安装，首次约一分钟 · installing, about a minute the first time'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/developing: pyproject.toml | $(VENV)/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/installed
