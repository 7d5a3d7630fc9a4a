import * as vscode from "vscode";
import type { Session } from "./session";
import { ask } from "./ask";

export const RULE_PAGES = "flakeless-rule";

/** Shows the page of a rule in VS Code's Markdown preview. */
export class Pages implements vscode.TextDocumentContentProvider {
  constructor(private readonly session: Session) {}

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const rule = uri.path.replace(/^\//, "").replace(/\.md$/, "");
    const { markdown } = await ask<{ markdown: string }>(this.session, "flakeless.explainRule", [rule]);
    return markdown;
  }

  async show(rule: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme: RULE_PAGES, path: `/${rule}.md` });
    // Read first: what is wrong with it is then said, and not shown as an empty page.
    await vscode.workspace.openTextDocument(uri);
    await vscode.commands.executeCommand("markdown.showPreview", uri);
  }
}

/** The command that shows a rule's page, for the server's address of it on the web. */
export function addressOfPage(address: string): vscode.Uri | undefined {
  const rule = /^https:.*\/rules\/([a-z-]+)\.md$/.exec(address)?.[1];
  if (rule === undefined) return undefined;
  return vscode.Uri.from({
    scheme: "command",
    path: "flakeless.showRule",
    query: encodeURIComponent(JSON.stringify([rule])),
  });
}
