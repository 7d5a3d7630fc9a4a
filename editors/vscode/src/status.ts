import * as vscode from "vscode";
import { DOCUMENTS } from "./client";
import { counted, Hints } from "./hints";
import type { Session, State } from "./session";

/** The item in the status bar: how the server is, and how many hints the file has. */
export class Status {
  private readonly item = vscode.window.createStatusBarItem("flakeless", vscode.StatusBarAlignment.Right);
  private readonly hints = new Hints();
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly session: Session) {
    this.item.name = "flakeless";
    this.item.command = "flakeless.menu";
    this.subscriptions = vscode.Disposable.from(
      this.item,
      session.onDidChange(() => {
        this.show();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => {
        this.show();
      }),
      vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        this.hints.note(uris);
        this.show();
      }),
    );
    this.show();
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  /** One line about the state, for the menu. */
  sentence(): string {
    const { state } = this.session;
    switch (state.kind) {
      case "failed":
        return state.why;
      case "running":
        return `flakeless ${state.version}: ${this.counts()}`;
      default:
        return `flakeless is ${state.kind}`;
    }
  }

  private show(): void {
    const { state } = this.session;
    const document = vscode.window.activeTextEditor?.document;
    const concerned = document !== undefined && vscode.languages.match(DOCUMENTS, document) > 0;
    if (!concerned && state.kind !== "failed") {
      this.item.hide();
      return;
    }
    const hints = document === undefined ? 0 : this.hints.in(document.uri);
    this.item.text = text(state, hints);
    this.item.tooltip = this.tooltip(state);
    this.item.backgroundColor =
      state.kind === "failed" ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
    this.item.show();
  }

  private tooltip(state: State): string {
    const file = state.kind === "running" ? `\n${state.file}, by ${state.by}` : "";
    return `${this.sentence()}${file}`;
  }

  private counts(): string {
    const document = vscode.window.activeTextEditor?.document;
    const here =
      document === undefined ? "" : `${counted(this.hints.in(document.uri), "hint")} in this file, `;
    return `${here}${String(this.hints.all)} in ${counted(this.hints.files, "file")}`;
  }
}

function text(state: State, hints: number): string {
  switch (state.kind) {
    case "starting":
      return "$(loading~spin) flakeless";
    case "stopped":
      return "$(circle-slash) flakeless";
    case "failed":
      return "$(error) flakeless";
    case "running":
      return hints === 0 ? "$(beaker) flakeless" : `$(beaker) flakeless: ${String(hints)}`;
  }
}
