import * as vscode from "vscode";

/** Applies every safe fix of the file: the action that `editor.codeActionsOnSave` can run as well. */
export async function fixAll(): Promise<void> {
  await vscode.commands.executeCommand("editor.action.sourceAction", {
    kind: "source.fixAll.flakeless",
    apply: "first",
  });
}
