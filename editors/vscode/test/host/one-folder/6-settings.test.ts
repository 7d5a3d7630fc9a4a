import * as vscode from "vscode";

import { appendToFile, fileUri, hints, open, said, startAfresh, waitFor, waitForHints } from "../project";

const FILE = "tests/test_manifest.py";

describe("settings", () => {
  const set = (value: unknown) =>
    vscode.workspace.getConfiguration("flakeless").update("ignore", value, vscode.ConfigurationTarget.Global);

  afterEach(startAfresh);
  after(() => set(undefined));

  it("that nobody has set leave pyproject.toml its say; one that is set wins", async () => {
    await open(FILE);
    await waitForHints(FILE);
    const before = said(fileUri(FILE));
    appendToFile("pyproject.toml", '\n[tool.flakeless]\nignore = ["unisolated-file"]\n');
    await waitFor("pyproject.toml to count", () => hints(fileUri(FILE)).length === 0);
    await set([]);
    await waitFor("the person's setting to win", () => said(fileUri(FILE)).join() === before.join());
    await set(undefined);
    await waitFor("pyproject.toml to count again", () => hints(fileUri(FILE)).length === 0);
  });

  it("are followed when pyproject.toml is as it was", async () => {
    await open(FILE);
    await waitForHints(FILE);
  });
});
