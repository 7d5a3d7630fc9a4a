import assert from "node:assert/strict";
import * as vscode from "vscode";

import { expectedText, onDisk, open, originally, startAfresh, waitFor, waitForHints } from "../project";

const FILE = "tests/test_zones.py";

describe("fix all", () => {
  const editor = vscode.workspace.getConfiguration("editor");
  const set = (value: unknown) =>
    editor.update("codeActionsOnSave", value, vscode.ConfigurationTarget.Global);

  afterEach(startAfresh);
  after(() => set(undefined));

  it("on save, with the setting of the README", async () => {
    await set({ "source.fixAll.flakeless": "explicit" });
    await open(FILE);
    await waitForHints(FILE);
    await vscode.commands.executeCommand("workbench.action.files.save");
    await waitFor("the fixed file", () => onDisk(FILE) !== originally(FILE));
    assert.equal(onDisk(FILE), expectedText("fix-all"));
  });
});
