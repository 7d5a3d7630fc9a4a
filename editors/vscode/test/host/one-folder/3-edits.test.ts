import assert from "node:assert/strict";
import * as vscode from "vscode";

import {
  expectedText,
  fileUri,
  hints,
  onDisk,
  open,
  originally,
  said,
  startAfresh,
  typeHint,
  undoAll,
  waitFor,
} from "../project";

describe("edits", () => {
  afterEach(startAfresh);

  it("typing makes a hint, and takes it back", async () => {
    const file = "tests/test_manifest.py";
    const editor = await open(file);
    const before = expectedText("hints").trimEnd();
    await waitFor("the file's hints", () => said(editor.document.uri).join("\n") === before);
    await typeHint(editor);
    await undoAll(editor);
    await waitFor("the hint to go with its line", () => said(editor.document.uri).join("\n") === before);
  });

  it("an unsaved conftest.py decides over the other open file", async () => {
    const labels = "tests/test_labels.py";
    await open(labels);
    await waitFor("the file's hints", () => said(fileUri(labels))[0]?.startsWith("13:30-13:35 "));
    const before = said(fileUri(labels));
    const conftest = await open("tests/conftest.py");
    const line = conftest.document.getText().split("\n").indexOf("    importlib.reload(depot)");
    assert(line > 0, "conftest.py reloads nothing");
    await conftest.edit((edit) => {
      edit.delete(conftest.document.lineAt(line).rangeIncludingLineBreak);
    });
    await waitFor("the hints to go", () => hints(fileUri(labels)).length === 0);
    assert(conftest.document.isDirty);
    assert.equal(onDisk("tests/conftest.py"), originally("tests/conftest.py"));
    await vscode.commands.executeCommand("undo");
    await waitFor("the hints to come back", () => said(fileUri(labels)).join() === before.join());
  });
});
