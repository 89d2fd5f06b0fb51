# `make` prints what there is to do. The two commands of the README are `make run` and `make test`.

PYTHON ?= python3
RUN := .venv/bin
SYSTEM := python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-paratype
SYSTEM_TEST := $(SYSTEM) chromium postgresql poppler-utils libreoffice-writer-nogui libreoffice-calc-nogui
ROWS ?= 200000
export PYTHONSAFEPATH := 1
# The tests start many processes: each reads what the first has compiled, whatever the machine says.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run test lint format bench-search bench-rubrics bench-pages bench-office bench-orders bench-year clean lock

help:  ## что можно сделать
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1 — /'

run: .venv/.run  ## установить, наполнить демонстрационными данными и запустить на http://127.0.0.1:8000
	@$(RUN)/attestation init
	@$(RUN)/attestation demo
	@$(RUN)/attestation serve

test: .venv/.test lint  ## установить всё нужное для проверок и проверить
	$(RUN)/pytest -n 2 --dist worksteal $(ARGS)

lint: .venv/.test  ## стиль, типы и направление зависимостей
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(RUN)/lint-imports

format: .venv/.test  ## привести код к единому виду
	$(RUN)/ruff check --fix .
	$(RUN)/ruff format .

bench-search: .venv/.test  ## измерить поиск рядом с SQLite FTS5 (ROWS=200000)
	$(RUN)/python bench/search.py --rows $(ROWS)

bench-rubrics: .venv/.test  ## измерить подсчёт баллов и страницы форм рядом с голым Flask
	$(RUN)/python bench/rubrics.py

bench-pages: .venv/.test  ## измерить публичные страницы рядом с голой функцией WSGI
	$(RUN)/python bench/pages.py

bench-office: .venv/.test  ## измерить списки рабочего места на 100 000 заявлений и подачу восемью сразу
	$(RUN)/python bench/office.py

bench-orders: .venv/.test  ## измерить PDF распоряжения рядом с Chromium и публикацию 1 500 строк
	$(RUN)/python bench/orders.py

bench-year: .venv/.test  ## прожить год с 3 000 заявлений на SQLite и на PostgreSQL и сверить все числа
	$(RUN)/python bench/year.py

lock: .venv/.test  ## собрать заново файлы с закреплёнными версиями
	$(RUN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-annotate --no-header requirements.in -o requirements.txt
	$(RUN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-annotate --no-header requirements-signing.in -o requirements-signing.txt
	$(RUN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-annotate --no-header requirements-dev.in -o requirements-dev.txt

clean:  ## убрать окружение и данные этого каталога
	rm -rf .venv .var build *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# $(call system,packages): install what Debian or Ubuntu lacks, as root or through sudo, and say what.
define system
	@missing=""; for package in $(1); do dpkg -s $$package 2>/dev/null | grep -q '^Status:.* installed' || missing="$$missing $$package"; done; \
	if [ -n "$$missing" ]; then \
	  echo "Системные пакеты, которых не хватает:$$missing"; \
	  if [ "$$(id -u)" = 0 ]; then as=""; elif command -v sudo >/dev/null; then as="sudo"; \
	  else echo "Нет прав root и команды sudo. Установите эти пакеты сами и повторите."; exit 1; fi; \
	  $$as apt-get update -q && $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$missing; \
	fi
endef

# $(call install,lock file)
define install
	@test -x $(RUN)/pip || $(PYTHON) -m venv .venv
	@echo "Библиотеки из $(1)…"
	@$(RUN)/pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
	@$(RUN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
endef

.venv/.run: requirements.txt setup.cfg pyproject.toml
	$(call system,$(SYSTEM))
	$(call install,requirements.txt)
	@touch $@

.venv/.test: requirements-dev.txt setup.cfg pyproject.toml
	$(call system,$(SYSTEM_TEST))
	$(call install,requirements-dev.txt)
	@touch $@ .venv/.run
