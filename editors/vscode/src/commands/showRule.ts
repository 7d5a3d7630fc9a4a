import * as vscode from "vscode";
import { ask } from "../ask";
import { isHint, ruleOf } from "../hints";
import type { Pages } from "../pages";
import type { Session } from "../session";

interface Rule {
  name: string;
  summary: string;
  cause: string;
}

/** Shows the page of the rule, or of the one that the person picks. */
export async function showRule(session: Session, pages: Pages, rule?: unknown): Promise<void> {
  const name = typeof rule === "string" ? rule : await pick(session);
  if (name !== undefined) await pages.show(name);
}

async function pick(session: Session): Promise<string | undefined> {
  const rules = await ask<Rule[]>(session, "flakeless.listRules", []);
  const picker = vscode.window.createQuickPick();
  picker.placeholder = "A rule, to read what it finds, why that makes tests flaky, and what cures it";
  picker.matchOnDetail = true;
  picker.items = itemsOf(rules);
  const here = ruleAtCursor();
  const hinted = picker.items.find((item) => item.label === here);
  if (hinted !== undefined) picker.activeItems = [hinted];
  try {
    return await new Promise((resolve) => {
      picker.onDidAccept(() => {
        resolve(picker.selectedItems[0]?.label);
      });
      picker.onDidHide(() => {
        resolve(undefined);
      });
      picker.show();
    });
  } finally {
    picker.dispose();
  }
}

function itemsOf(rules: Rule[]): vscode.QuickPickItem[] {
  return rules.flatMap(({ name, summary, cause }, index) => {
    const item = { label: name, detail: summary };
    const heading = { label: cause, kind: vscode.QuickPickItemKind.Separator };
    return rules[index - 1]?.cause === cause ? [item] : [heading, item];
  });
}

function ruleAtCursor(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return undefined;
  const hints = vscode.languages.getDiagnostics(editor.document.uri).filter(isHint);
  const here =
    hints.find(({ range }) => range.contains(editor.selection.active)) ??
    hints.find(({ range }) => range.start.line === editor.selection.active.line);
  return here && ruleOf(here);
}
