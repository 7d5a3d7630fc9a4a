import * as vscode from "vscode";
import { ask } from "../ask";
import { counted } from "../hints";
import type { Session } from "../session";

interface Checked {
  files: number;
  tests: number;
  diagnostics: { uri: string; diagnostics: unknown[] }[];
}

/** Reads all files of the workspace; the hints of closed ones stand in the Problems panel from then on. */
export async function check(session: Session): Promise<void> {
  const checked = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: "flakeless: checking the workspace",
      cancellable: true,
    },
    async (steps, token) => {
      try {
        return await ask<Checked>(session, "flakeless.checkWorkspace", [], { steps, token });
      } catch (error) {
        if (token.isCancellationRequested) return undefined;
        throw error;
      }
    },
  );
  if (checked === undefined) return;
  await vscode.commands.executeCommand("workbench.actions.view.problems");
  void vscode.window.showInformationMessage(sentence(checked));
}

function sentence({ files, tests, diagnostics }: Checked): string {
  const hints = diagnostics.reduce((sum, file) => sum + file.diagnostics.length, 0);
  const found =
    hints === 0 ? "no hints" : `${counted(hints, "hint")} in ${counted(diagnostics.length, "file")}`;
  return `flakeless: ${found}, of ${counted(tests, "test")} in ${counted(files, "file")}.`;
}
