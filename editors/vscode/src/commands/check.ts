import * as vscode from "vscode";
import { ask } from "../ask";
import { counted } from "../hints";
import type { Session } from "../session";

interface Checked {
  files: number;
  tests: number;
  diagnostics: { uri: string; diagnostics: { code?: string }[] }[];
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
  // What is wrong with a settings file has no code.
  const perFile = diagnostics.map((file) => file.diagnostics.filter(({ code }) => code !== undefined).length);
  const hints = perFile.reduce((sum, count) => sum + count, 0);
  const withHints = counted(perFile.filter((count) => count > 0).length, "file");
  const found = hints === 0 ? "no hints" : `${counted(hints, "hint")} in ${withHints}`;
  return `flakeless: ${found}, of ${counted(tests, "test")} in ${counted(files, "file")}.`;
}
