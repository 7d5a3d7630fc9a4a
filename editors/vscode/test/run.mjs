// run.mjs VSIX SCRATCH: the extension in the real editor, on copies of the guide's project in SCRATCH.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { Browser } from "./browser.mjs";
import { CodeServer } from "./code-server.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const repository = path.resolve(here, "../../..");
const editors = process.env.FLAKELESS_EDITORS ?? path.join(repository, "target/editors");
const guide = path.join(repository, "testdata/projects/guide");
const [vsix, scratch] = process.argv.slice(2);

const SETTINGS = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "security.workspace.trust.enabled": false,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "git.enabled": false,
  "chat.disableAIFeatures": true,
  "files.autoSave": "off",
};

/** The project as the tests find it, with the odd file, whose lines end as on Windows. */
function copyProject(name) {
  const made = path.join(scratch, name);
  fs.cpSync(guide, made, { recursive: true });
  const odd = fs.readFileSync(path.join(repository, "editors/expected/test_odd.py"), "utf8");
  fs.writeFileSync(path.join(made, "tests/test_odd.py"), withCrlf(odd));
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

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    server.stop();
    process.exit(1);
  });
}
try {
  const project = copyProject("project");
  const environment = {
    FLAKELESS_TEST_PROJECT: project,
    FLAKELESS_TEST_ORIGINAL: copyProject("original"),
    FLAKELESS_TEST_EXPECTED: expectedFiles(),
  };
  server.settings(SETTINGS);
  await step("install", () => server.install(vsix));
  await step("start", async () => {
    browser = await Browser.launch(editors, path.join(repository, "target/screenshots/vscode"));
    await server.start(environment);
  });
  await step("one folder", () =>
    browser.runInside(server, `folder=${project}`, {
      extension: path.join(here, "host"),
      tests: path.join(here, "../dist/host-tests/one-folder/index.js"),
      patience: 120_000,
    }),
  );
} finally {
  await browser?.close();
  server.stop();
}
if (!passed) process.exit(1);
