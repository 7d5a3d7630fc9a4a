import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import * as vscode from "vscode";

import { fileUri, hints, open, project, startAfresh, waitFor, waitForHints } from "../project";

const FILE = "tests/test_till.py";
/** It passes, and in the same process never again. */
const SOLD = `SOLD = []


def test_first_sale():
    SOLD.append("apple")
    assert SOLD == ["apple"]
`;
const FIGURES = "Confirmed: it failed 19 of 20 times in one process.";

describe("a test that a person has run, to see it fail", () => {
  before(() => {
    fs.writeFileSync(path.join(project, FILE), SOLD);
  });

  after(async () => {
    await startAfresh();
    fs.rmSync(path.join(project, FILE));
    fs.rmSync(path.join(project, ".flakeless"), { recursive: true });
  });

  it("is named by its lenses; then its hint is confirmed", async () => {
    const { document } = await open(FILE);
    const [before] = await waitForHints(FILE);
    assert.equal(before?.severity, vscode.DiagnosticSeverity.Hint);
    const [lens] = await waitFor("its lenses", async () => {
      const found = await lenses(document.uri);
      return found.length === 2 ? found : undefined;
    });
    assert.equal(lens?.command?.title, "Reproduce");
    const { command, arguments: named } = lens.command;
    await vscode.commands.executeCommand(command, ...((named ?? []) as unknown[]));
    const hint = await waitFor("the confirmed hint", () =>
      hints(document.uri).find(({ message }) => message.endsWith(FIGURES)),
    );
    assert.equal(hint.severity, vscode.DiagnosticSeverity.Warning);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      document.uri,
      hint.range.start,
    );
    const said = hovers.flatMap(({ contents }) =>
      contents.map((it) => (it instanceof vscode.MarkdownString ? it.value : "")),
    );
    assert.match(said.join("\n"), /To see it fail again:\n\n {4}python -c 'import pytest/);
  });

  it("has no lenses where a setting says so", async () => {
    await open(FILE);
    const configuration = vscode.workspace.getConfiguration("flakeless", fileUri(FILE));
    await configuration.update("code-lens", false, vscode.ConfigurationTarget.Global);
    await waitFor("the lenses to go", async () => (await lenses(fileUri(FILE))).length === 0);
    await configuration.update("code-lens", undefined, vscode.ConfigurationTarget.Global);
    await waitFor("the lenses to come back", async () => (await lenses(fileUri(FILE))).length === 2);
  });
});

async function lenses(uri: vscode.Uri): Promise<vscode.CodeLens[]> {
  return vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri, 100);
}
