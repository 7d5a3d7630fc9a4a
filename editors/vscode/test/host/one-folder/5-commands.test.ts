import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import * as vscode from "vscode";

import {
  expectedText,
  fileUri,
  hints,
  open,
  project,
  said,
  startAfresh,
  waitFor,
  waitForHints,
} from "../project";
import { servers } from "../server";

interface Manifest {
  contributes: { commands: { command: string }[] };
}

describe("commands", () => {
  before(async () => {
    await open("tests/test_labels.py");
    await waitForHints("tests/test_labels.py");
  });

  afterEach(startAfresh);

  it("of package.json are all there", async () => {
    const manifest = vscode.extensions.getExtension("flakeless.flakeless")?.packageJSON as Manifest;
    const promised = manifest.contributes.commands.map(({ command }) => command);
    const known = await vscode.commands.getCommands(true);
    assert(promised.length > 0);
    assert.deepEqual(
      promised.filter((command) => !known.includes(command)),
      [],
    );
  });

  it("flakeless.showRule shows the page of a rule", async () => {
    await vscode.commands.executeCommand("flakeless.showRule", "stale-class-after-reload");
    await waitFor("the preview", () => activeTab()?.label.includes("stale-class-after-reload"));
    assert(activeTab()?.input instanceof vscode.TabInputWebview);
  });

  it("flakeless.showProjectModel shows what hints rest on", async () => {
    await open("tests/test_labels.py");
    await vscode.commands.executeCommand("flakeless.showProjectModel");
    const text = await waitFor("the model", () => {
      const document = vscode.window.activeTextEditor?.document;
      return document?.uri.scheme === "flakeless-project" ? document.getText() : undefined;
    });
    assert.match(text, /pyproject\.toml/);
    assert.match(text, /tests\/conftest\.py/);
  });

  it("flakeless.fixAll does what is safe in the file", async () => {
    const { document } = await open("tests/test_zones.py");
    await waitForHints("tests/test_zones.py");
    await vscode.commands.executeCommand("flakeless.fixAll");
    await waitFor("the fixes", () => document.isDirty);
    assert.equal(document.getText(), expectedText("fix-all"));
  });

  it("flakeless.createBaseline accepts the hints of today, and only those", async () => {
    const shown = await open("tests/test_labels.py");
    await waitForHints("tests/test_labels.py");
    const baseline = path.join(project, "flakeless-baseline.json");
    // It goes on until the person has seen its message.
    void vscode.commands.executeCommand("flakeless.createBaseline", vscode.Uri.file(project));
    await waitFor("the accepted hints to go", () => hints(shown.document.uri).length === 0);
    assert.match(fs.readFileSync(baseline, "utf8"), /stale-class-after-reload/);
    await open("tests/test_manifest.py");
    assert.deepEqual(said(fileUri("tests/test_manifest.py")), []);
    fs.rmSync(baseline);
    await waitForHints("tests/test_manifest.py");
  });

  it("flakeless.check shows the hints of closed files", async () => {
    const closed = fileUri("tests/test_courier.py");
    assert.deepEqual(said(closed), [], "the closed file has hints before");
    await vscode.commands.executeCommand("flakeless.check");
    await waitFor("the hints of the closed file", () => hints(closed).length > 0);
  });

  it("flakeless.restart starts another server, which shows what is asked of it", async () => {
    await open("tests/test_labels.py");
    await waitForHints("tests/test_labels.py");
    const before = servers();
    await vscode.commands.executeCommand("flakeless.restart");
    // The old one has answered that it shuts down, and may take a moment to be gone.
    await waitFor("another server, alone", () => {
      const now = servers();
      return now.length === 1 && !before.includes(now[0] as number);
    });
    await waitForHints("tests/test_labels.py");
    await waitFor(
      "the closed file's hints to go",
      () => hints(fileUri("tests/test_courier.py")).length === 0,
    );
  });
});

function activeTab(): vscode.Tab | undefined {
  return vscode.window.tabGroups.activeTabGroup.activeTab;
}
