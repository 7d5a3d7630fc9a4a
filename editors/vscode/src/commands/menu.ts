import * as vscode from "vscode";
import type { Status } from "../status";

const ITEMS = [
  { label: "$(checklist) Check the workspace", command: "flakeless.check" },
  { label: "$(wand) Fix all in the file", command: "flakeless.fixAll", python: true },
  { label: "$(book) Explain a rule", command: "flakeless.showRule" },
  { label: "$(list-tree) Show the project model", command: "flakeless.showProjectModel" },
  { label: "$(output) Show the log", command: "flakeless.showLog" },
  { label: "$(debug-restart) Restart the server", command: "flakeless.restart" },
  { label: "$(gear) Settings", command: "workbench.action.openSettings", argument: "flakeless" },
];

/** What a click on the status bar's item offers. */
export async function menu(status: Status): Promise<void> {
  const python = vscode.window.activeTextEditor?.document.languageId === "python";
  const items = ITEMS.filter((item) => python || item.python !== true);
  const item = await vscode.window.showQuickPick(items, { placeHolder: status.sentence() });
  if (item !== undefined) await vscode.commands.executeCommand(item.command, item.argument);
}
