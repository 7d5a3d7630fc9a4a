import assert from "node:assert/strict";
import fs from "node:fs";
import * as vscode from "vscode";

import { open, openUri, said, setting, waitFor, waitForHints } from "../project";

const decoy = setting("FLAKELESS_TEST_DECOY");

describe("a workspace of two folders that is not trusted", () => {
  it("is what is open", () => {
    assert.equal(vscode.workspace.isTrusted, false);
    assert.equal(vscode.workspace.workspaceFolders?.length, 2);
  });

  it("gets hints, and its flakeless.path is not run", async () => {
    const asked = fs.readFileSync(vscode.workspace.workspaceFile?.fsPath ?? "", "utf8");
    assert(asked.includes(`"flakeless.path":"${decoy}/flakeless"`), asked);
    await open("tests/test_manifest.py");
    await waitForHints("tests/test_manifest.py");
    assert.equal(fs.existsSync(`${decoy}/was-run`), false);
  });

  it("offers to run no test, and runs none", async () => {
    const { document } = await open("tests/test_settings.py");
    await waitForHints("tests/test_settings.py");
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      "vscode.executeCodeLensProvider",
      document.uri,
    );
    assert.deepEqual(lenses, []);
    const known = await vscode.commands.getCommands(true);
    assert(known.includes("flakeless.listRules"));
    assert.deepEqual(
      known.filter((name) => /reproduce|polluter/i.test(name) && name.startsWith("flakeless.")),
      [],
    );
  });

  it("has each folder's own settings", async () => {
    const other = vscode.workspace.workspaceFolders?.[1];
    assert(other);
    await open("tests/test_manifest.py");
    const [first] = await waitForHints("tests/test_manifest.py");
    assert.equal(first?.severity, vscode.DiagnosticSeverity.Warning);
    const { document } = await openUri(vscode.Uri.joinPath(other.uri, "tests/test_other.py"));
    await waitFor("the other folder's hint, an error there", () =>
      said(document.uri).some((hint) => hint.endsWith(" ERROR unisolated-file")),
    );
  });
});
