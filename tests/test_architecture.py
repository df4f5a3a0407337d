"""The house keeps its shape: arrows, registries, README, colours, and what may stand in the repository."""

import ast
import importlib
import itertools
import pkgutil
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from backpack.__main__ import app
from backpack.config import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
REGISTRIES = [
    ("backpack.verifier.carriers", "CARRIERS"),
    ("backpack.verifier.versions", "VERSIONS"),
    ("backpack.verifier.checks", "CHECKS"),
    ("backpack.verifier.proofs", "PROOFS"),
    ("backpack.sources", "SOURCES"),
    ("backpack.sources.platforms", "PLATFORMS"),
    ("backpack.sources.webhooks", "WEBHOOKS"),
    ("backpack.targets", "TARGETS"),
]


def test_imports_only_point_the_way_the_arrows_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    # It would silence every logger that there is, for all the tests after it.
    monkeypatch.setattr("logging.config.dictConfig", lambda _: None)
    assert lint_imports(config_filename="pyproject.toml", cache_dir=None) == 0


@pytest.mark.parametrize(("package", "registry"), REGISTRIES)
def test_every_plugin_is_registered(package: str, registry: str) -> None:
    folder = importlib.import_module(package)
    plain = (m.name for m in pkgutil.iter_modules(folder.__path__) if m.name[0] != "_" and not m.ispkg)
    modules = {f"{package}.{name}" for name in plain}
    registered = getattr(folder, registry)
    plugins = registered.values() if isinstance(registered, dict) else registered
    assert {plugin.__name__ for plugin in plugins} == modules


def test_the_verifier_never_looks_at_a_clock() -> None:
    clocks = {"now", "utcnow", "today", "time", "monotonic", "perf_counter", "localtime", "gmtime"}
    looks = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in (ROOT / "backpack/verifier").rglob("*.py")
        for call in _calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr in clocks
    ]
    assert looks == []


def test_nobody_uses_what_the_linter_of_imports_cannot_see() -> None:
    # Parts of libraries whose other parts are welcome: fetching by the back door, and a deprecated JOSE.
    banned = re.compile(r"^\s*(?:from|import) (urllib\.request|http\.client|authlib\.jose)", re.MULTILINE)
    users = [path for top in ("backpack", "web") for path in (ROOT / top).rglob("*.py")]
    assert [path.name for path in users if banned.search(path.read_text())] == []


def test_the_migrations_do_not_hide_the_library_of_the_same_name() -> None:
    assert not (ROOT / "alembic/__init__.py").exists()


def test_readme_maps_places_that_exist() -> None:
    places = re.findall(r"^\| `([^`]+)` \|", _section("Map of the house"), re.MULTILINE)
    assert places
    assert [place for place in places if not (ROOT / place).exists()] == []


def test_readme_explains_every_setting_and_no_other() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \| (.*?) \|$", _section("Settings"), re.MULTILINE)
    fields = Settings.model_fields.items()
    assert {name: said for name, _, said in rows} == {name.upper(): f.description for name, f in fields}


def test_readme_lists_every_command_and_no_other() -> None:
    told = set(re.findall(r"^\| `backpack (\w+)", _section("Use it"), re.MULTILINE))
    assert told == set(app.commands)


def test_readme_names_only_what_make_can_make() -> None:
    makefile = (ROOT / "Makefile").read_text()
    told = set(re.findall(r"(?:`|^    )make ([a-z]+)", README, re.MULTILINE))
    assert {"run", "test"} <= told
    assert told <= set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


def test_what_is_installed_from_the_pinned_versions_has_every_library_that_a_setting_may_ask_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *itertools.chain(*project["optional-dependencies"].values())]
    pinned = re.findall(r"^([\w-]+)==", (ROOT / "requirements/main.txt").read_text(), re.MULTILINE)
    assert {re.split(r"[\[<>=]", one)[0] for one in wanted} <= set(pinned)


TEXT = 4.5  # WCAG 2.2, 1.4.3
EDGE = 3.0  # WCAG 2.2, 1.4.11


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("front", "ground", "least"),
    [
        *((text, ground, TEXT) for text in ("ink", "quiet", "accent") for ground in ("paper", "surface")),
        ("ink", "accent-tint", TEXT),
        ("quiet", "accent-tint", TEXT),
        ("on-accent", "accent", TEXT),
        *((verdict, f"{verdict}-tint", TEXT) for verdict in ("verified", "caution", "alarm")),
        *((verdict, "surface", TEXT) for verdict in ("verified", "caution", "alarm")),
        ("edge", "paper", EDGE),
        ("edge", "surface", EDGE),
        ("accent", "paper", EDGE),
    ],
)
def test_colours_can_be_told_apart(front: str, ground: str, least: float, theme: int) -> None:
    colours = _colours(theme)
    assert _contrast(colours[front], colours[ground]) >= least


def test_no_tracked_file_names_a_registry_or_a_folder_of_some_machine() -> None:
    unwanted = re.compile(rb"(pypi|pythonhosted|npmjs|debian)[.](org|com)|/work/(main|shared|[.])|/roo[t]/")
    assert [path.name for path in _tracked() if unwanted.search(path.read_bytes())] == []


def test_what_others_made_is_installed_and_never_kept() -> None:
    kept = [path.relative_to(ROOT).as_posix() for path in _tracked()]
    made_elsewhere = re.compile(r"\.(jsonld|woff2?|ttf|otf|min\.js|min\.css)$|/vendor/|/_contexts/")
    assert [path for path in kept if made_elsewhere.search(path)] == []


def _calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))


def _section(title: str) -> str:
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def _colours(theme: int) -> dict[str, tuple[float, ...]]:
    css = (ROOT / "web/static/tokens.css").read_text()
    pairs = re.findall(r"--([a-z-]+):\s*light-dark\(#([0-9a-f]{6}), #([0-9a-f]{6})\)", css)
    return {name: tuple(bytes.fromhex(both[theme])) for name, *both in pairs}


def _contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: tuple[float, ...]) -> float:
    linear = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
