// run.mjs VSIX SCRATCH [PART...]: the extension in the real editor, on copies of the guide's project in SCRATCH.
// PART is "pictures", which are not taken unless asked for, "one-folder", "two-folders" or "window"; ONLY=TEXT in the environment picks tests of the first two by name.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { Browser } from "./browser.mjs";
import { CodeServer } from "./code-server.mjs";
import { look } from "./ui/look.mjs";
import { PICTURE_SETTINGS, takePictures } from "./ui/pictures.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const repository = path.resolve(here, "../../..");
const editors = process.env.FLAKELESS_EDITORS ?? path.join(repository, "target/editors");
const guide = path.join(repository, "testdata/projects/guide");
const [vsix, scratch, ...parts] = process.argv.slice(2);

const SETTINGS = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "security.workspace.trust.enabled": false,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "git.enabled": false,
  "chat.disableAIFeatures": true,
  "files.autoSave": "off",
};

/** A workspace is not trusted until the person says so, and here nobody asks. */
const DISTRUST = {
  "security.workspace.trust.enabled": true,
  "security.workspace.trust.startupPrompt": "never",
  "security.workspace.trust.untrustedFiles": "open",
};

/** The project as the tests find it, with the odd file, whose lines end as on Windows. */
function copyProject(name) {
  const made = path.join(scratch, name);
  fs.cpSync(guide, made, { recursive: true });
  const odd = fs.readFileSync(path.join(repository, "editors/expected/test_odd.py"), "utf8");
  fs.writeFileSync(path.join(made, "tests/test_odd.py"), withCrlf(odd));
  return made;
}

/** Without the comments that tell our tests where the hints are. */
function projectToPicture() {
  const made = copyProject("depot");
  const file = path.join(made, "tests/test_labels.py");
  fs.writeFileSync(file, fs.readFileSync(file, "utf8").replaceAll(/(\n +|  )# hint: .*/g, ""));
  return made;
}

const withCrlf = (text) => text.replaceAll("\n", "\r\n");

/** Every file that a test must come to: what patch(1) makes of the differences in editors/expected. */
function expectedFiles() {
  const from = path.join(repository, "editors/expected");
  const made = path.join(scratch, "expected");
  fs.mkdirSync(made);
  for (const name of ["actions.json", "hints"]) fs.copyFileSync(path.join(from, name), path.join(made, name));
  const actions = JSON.parse(fs.readFileSync(path.join(from, "actions.json"), "utf8"));
  for (const { name, file } of actions) {
    patched(path.join(guide, file), path.join(from, `actions/${name}.diff`), path.join(made, name));
  }
  patched(path.join(from, "test_odd.py"), path.join(from, "actions/odd.diff"), path.join(made, "odd"));
  fs.writeFileSync(path.join(made, "odd"), withCrlf(fs.readFileSync(path.join(made, "odd"), "utf8")));
  patched(
    path.join(guide, "tests/test_zones.py"),
    path.join(from, "fix-all.diff"),
    path.join(made, "fix-all"),
  );
  return made;
}

function patched(original, difference, made) {
  const done = spawnSync("patch", ["--silent", "--output", made, original, difference], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`patch ${original} ${difference}: ${done.stdout}${done.stderr}`);
}

/** Another project, whose folder has a setting of its own, and a workspace of both, which asks for a program to be run. */
function workspaceOfTwo(project) {
  const other = path.join(scratch, "other");
  const file = (name, text) => {
    fs.mkdirSync(path.dirname(path.join(other, name)), { recursive: true });
    fs.writeFileSync(path.join(other, name), text);
  };
  file("pyproject.toml", '[tool.pytest.ini_options]\ntestpaths = ["tests"]\n');
  file("tests/test_other.py", 'def test_other():\n    open("other.csv", "w").close()\n');
  file(".vscode/settings.json", '{ "flakeless.severity": { "unisolated-file": "error" } }');
  const decoy = path.join(scratch, "decoy");
  fs.mkdirSync(decoy);
  fs.writeFileSync(path.join(decoy, "flakeless"), `#!/bin/sh\ntouch ${decoy}/was-run\n`, { mode: 0o755 });
  const workspace = path.join(scratch, "two.code-workspace");
  const settings = { "flakeless.path": path.join(decoy, "flakeless") };
  fs.writeFileSync(workspace, JSON.stringify({ folders: [{ path: project }, { path: other }], settings }));
  return { workspace, decoy };
}

const server = new CodeServer(path.join(editors, "bin/vscode"), scratch);
let browser;
let passed = true;
const started = Date.now();

async function step(name, work) {
  const from = Date.now();
  const outcome = await work();
  const seconds = (milliseconds) => (milliseconds / 1000).toFixed(1);
  console.log(`vscode: ${name}: ${seconds(Date.now() - from)} s (${seconds(Date.now() - started)} s in all)`);
  if (outcome === false) passed = false;
}

async function part(name, work) {
  if (parts.length === 0 || parts.includes(name)) await step(name, work);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    server.stop();
    process.exit(1);
  });
}
const inside = (suite, opened) => () =>
  browser.runInside(server, opened, {
    extension: path.join(here, "host"),
    tests: path.join(here, `../dist/host-tests/${suite}/index.js`),
    patience: 240_000,
  });

try {
  const project = copyProject("project");
  const { workspace, decoy } = workspaceOfTwo(project);
  const environment = {
    FLAKELESS_TEST_PROJECT: project,
    FLAKELESS_TEST_ORIGINAL: copyProject("original"),
    FLAKELESS_TEST_EXPECTED: expectedFiles(),
    FLAKELESS_TEST_DECOY: decoy,
  };
  server.settings(SETTINGS);
  await step("install", () => server.install(vsix));
  await step("start", async () => {
    browser = await Browser.launch(editors, path.join(repository, "target/screenshots/vscode"));
    await server.start(environment);
  });
  const expected = environment.FLAKELESS_TEST_EXPECTED;
  await part("one-folder", inside("one-folder", `folder=${project}`));
  server.settings({ ...SETTINGS, ...DISTRUST });
  await part("two-folders", inside("two-folders", `workspace=${workspace}`));
  server.settings(SETTINGS);
  await part("window", () => look(browser, server, { project: copyProject("seen"), expected }));
  if (parts.includes("pictures")) {
    server.settings({ ...SETTINGS, ...PICTURE_SETTINGS });
    await step("pictures", () =>
      takePictures(browser, server, projectToPicture(), path.join(here, "../media")),
    );
  }
} finally {
  await browser?.close();
  server.stop();
}
if (!passed) process.exit(1);
