import * as vscode from "vscode";
import { ask } from "../ask";
import { counted } from "../hints";
import type { Session } from "../session";

interface Written {
  path: string;
  hints: number;
}

/** Accepts the hints of today, so that only new ones are shown. A folder may be handed in, which then is not asked for. */
export async function createBaseline(session: Session, folder?: unknown): Promise<void> {
  const uri = folder instanceof vscode.Uri ? folder : await confirmedFolder();
  if (uri === undefined) return;
  const { path, hints } = await ask<Written>(session, "flakeless.writeBaseline", [uri.toString()]);
  const open = "Open";
  const answer = await vscode.window.showInformationMessage(
    `flakeless: ${counted(hints, "hint")} accepted in ${path}.`,
    open,
  );
  if (answer === open) await vscode.window.showTextDocument(vscode.Uri.file(path));
}

async function confirmedFolder(): Promise<vscode.Uri | undefined> {
  const folder = await chosenFolder();
  if (folder === undefined) return undefined;
  const accept = "Accept Them";
  const answer = await vscode.window.showWarningMessage(
    `Accept all hints that ${folder.name} has today?`,
    { modal: true, detail: "They are written to flakeless-baseline.json and no longer shown. New ones are." },
    accept,
  );
  return answer === accept ? folder.uri : undefined;
}

async function chosenFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length < 2) return folders[0];
  return vscode.window.showWorkspaceFolderPick({ placeHolder: "The folder whose hints are accepted" });
}
