import assert from "node:assert/strict";
import * as vscode from "vscode";

import {
  codeOf,
  expectedText,
  fileUri,
  open,
  project,
  said,
  startAfresh,
  waitFor,
  waitForHints,
} from "../project";

describe("hints", () => {
  afterEach(startAfresh);

  it("come from the installed extension", async () => {
    await open("tests/test_labels.py");
    const extension = await waitFor("the extension", () =>
      vscode.extensions.getExtension("flakeless.flakeless"),
    );
    await waitFor("the extension to start", () => extension.isActive);
    assert(extension.extensionPath.includes("/extensions/flakeless.flakeless-"), extension.extensionPath);
  });

  it("have their place, severity and rule", async () => {
    await open("tests/test_manifest.py");
    await waitForHints("tests/test_manifest.py");
    assert.deepEqual(said(fileUri("tests/test_manifest.py")), expectedText("hints").trimEnd().split("\n"));
  });

  it("name the place that they rest on", async () => {
    await open("tests/test_labels.py");
    const [hint] = await waitForHints("tests/test_labels.py");
    assert(hint);
    assert.deepEqual(hint.range, new vscode.Range(12, 29, 12, 34));
    assert.equal(codeOf(hint), "stale-class-after-reload");
    const [related] = hint.relatedInformation ?? [];
    assert(related);
    assert.equal(related.location.uri.fsPath, `${project}/tests/conftest.py`);
    assert.deepEqual(related.location.range, new vscode.Range(11, 4, 11, 27));
    assert.equal(related.message, "`depot` is reloaded here.");
  });

  it("go with the file that is closed", async () => {
    const uri = fileUri("tests/test_manifest.py");
    await open("tests/test_manifest.py");
    await waitForHints("tests/test_manifest.py");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await waitFor("the hints to go", () => said(uri).length === 0);
  });

  it("explain themselves on hover", async () => {
    const { document } = await open("tests/test_labels.py");
    await waitForHints("tests/test_labels.py");
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      document.uri,
      new vscode.Position(12, 30),
    );
    const text = hovers
      .flatMap((hover) => hover.contents.map((part) => (part as vscode.MarkdownString).value))
      .join("\n");
    assert.match(
      text,
      /A check against a class that a reload has replaced since the test module imported it\./,
    );
    assert.match(text, /conftest\.py.{0,200}\b12\b/s);
  });
});
