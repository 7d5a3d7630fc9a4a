import * as vscode from "vscode";
import { ask } from "../ask";
import type { Session } from "../session";

export const PROJECT_MODEL = "flakeless-project";

const ADDRESS = vscode.Uri.from({ scheme: PROJECT_MODEL, path: "/project model" });

/** Shows, in a read-only editor, what hints rest on: configuration, plugins, conftests, who leaves state behind. */
export class ProjectModel implements vscode.TextDocumentContentProvider {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changes.event;
  private text = "";

  constructor(private readonly session: Session) {}

  provideTextDocumentContent(): string {
    return this.text;
  }

  async show(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    const args = document?.uri.scheme === "file" ? [document.uri.toString()] : [];
    const { text } = await ask<{ text: string }>(this.session, "flakeless.projectModel", args);
    this.text = text;
    this.changes.fire(ADDRESS);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(ADDRESS));
  }
}
