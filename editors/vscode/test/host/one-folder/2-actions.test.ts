import assert from "node:assert/strict";
import * as vscode from "vscode";

import { expectedText, hints, onDisk, open, originally, startAfresh, waitFor } from "../project";

interface Action {
  name: string;
  file: string;
  line: number;
  column: number;
  title: string;
}

const ACTIONS = JSON.parse(expectedText("actions.json")) as Action[];
const ODD: Action = {
  name: "odd",
  file: "tests/test_odd.py",
  line: 7,
  column: 15,
  title: "Change `depot.settings.EXPRESS` with `monkeypatch`, which undoes it",
};

describe("actions", () => {
  afterEach(startAfresh);

  for (const action of [...ACTIONS, ODD]) {
    it(`${action.name}: the saved file is right to the byte`, async () => {
      const { document } = await open(action.file);
      const hint = await hintAt(document, action);
      await apply(await actionOf(document, hint, action.title));
      await vscode.commands.executeCommand("workbench.action.files.save");
      await waitFor("the save", () => !document.isDirty);
      assert.equal(onDisk(action.file), expectedText(action.name));
      await waitFor(
        "the hint to go",
        () => !hints(document.uri).some(({ range }) => range.isEqual(hint.range)),
      );
    });
  }

  it("the odd file had CRLF and kept it all through", async () => {
    assert.equal(originally(ODD.file).replaceAll("\r\n", "").includes("\n"), false);
    assert.equal(expectedText(ODD.name).replaceAll("\r\n", "").includes("\n"), false);
    const { document } = await open(ODD.file);
    assert.equal(document.eol, vscode.EndOfLine.CRLF);
    const hint = await hintAt(document, ODD);
    assert.match(document.getText(hint.range), /^settings\.EXPRESS/);
  });
});

/** Its column counts characters, VS Code's counts UTF-16 code units. */
async function hintAt(document: vscode.TextDocument, { line, column }: Action): Promise<vscode.Diagnostic> {
  const before = Array.from(document.lineAt(line - 1).text)
    .slice(0, column - 1)
    .join("");
  const place = new vscode.Position(line - 1, before.length);
  return waitFor(`a hint that begins at ${String(line)}:${String(column)}`, () =>
    hints(document.uri).find(({ range }) => range.start.isEqual(place)),
  );
}

async function actionOf(
  document: vscode.TextDocument,
  hint: vscode.Diagnostic,
  title: string,
): Promise<vscode.CodeAction> {
  const offered = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    hint.range,
    vscode.CodeActionKind.QuickFix.value,
    100,
  );
  const found = offered.filter((action) => action.title === title);
  assert.equal(found.length, 1, `offered: ${offered.map((action) => action.title).join("; ")}`);
  return found[0] as vscode.CodeAction;
}

async function apply({ edit, command }: vscode.CodeAction): Promise<void> {
  assert(edit, "the action has no edit");
  assert(await vscode.workspace.applyEdit(edit), "VS Code did not apply the edit");
  if (command)
    await vscode.commands.executeCommand(command.command, ...((command.arguments ?? []) as unknown[]));
}
