import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import * as vscode from "vscode";

const PATIENCE_MS = 30_000;

/** The copy of the guide's project that is open; `expected` and `original` are what it must come to and was. */
export const project = setting("FLAKELESS_TEST_PROJECT");
const expected = setting("FLAKELESS_TEST_EXPECTED");
const original = setting("FLAKELESS_TEST_ORIGINAL");

export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run editors/test vscode`);
  return value;
}

export function fileUri(file: string): vscode.Uri {
  return vscode.Uri.file(path.join(project, file));
}

export function open(file: string): Promise<vscode.TextEditor> {
  return openUri(fileUri(file));
}

/** As a click in the Explorer does: what an extension opens for itself stays open for minutes after its tab. */
export async function openUri(uri: vscode.Uri): Promise<vscode.TextEditor> {
  await vscode.commands.executeCommand("vscode.open", uri, { preview: false });
  return waitFor(`an editor of ${uri.fsPath}`, () => {
    const { activeTextEditor } = vscode.window;
    return activeTextEditor?.document.uri.toString() === uri.toString() ? activeTextEditor : undefined;
  });
}

export function hints(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter((diagnostic) => diagnostic.source === "flakeless")
    .sort((one, other) => one.range.start.compareTo(other.range.start));
}

export function codeOf(hint: vscode.Diagnostic): string {
  const { code } = hint;
  return String(typeof code === "object" ? code.value : code);
}

/** As editors/expected/hints has it. */
export function said(uri: vscode.Uri): string[] {
  const severities = ["ERROR", "WARN", "INFO", "HINT"];
  return hints(uri).map((hint) => {
    const { start, end } = hint.range;
    const places = [start, end].map((place) => `${String(place.line + 1)}:${String(place.character + 1)}`);
    return `${places.join("-")} ${severities[hint.severity] ?? "?"} ${codeOf(hint)}`;
  });
}

export async function waitFor<T>(
  what: string,
  probe: () => T | Thenable<T>,
  patience = PATIENCE_MS,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + patience;
  for (;;) {
    const seen = await probe();
    if (seen !== undefined && seen !== null && seen !== false) return seen;
    assert(Date.now() < deadline, `waited for ${what}; ${situation()}`);
    await new Promise((next) => setTimeout(next, 25));
  }
}

export async function waitForHints(file: string): Promise<vscode.Diagnostic[]> {
  const uri = fileUri(file);
  return waitFor(`hints of ${file}`, () => (hints(uri).length > 0 ? hints(uri) : undefined));
}

function situation(): string {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return "no editor is open";
  const { uri, isDirty } = editor.document;
  const text = isDirty ? `\nand says, not saved,\n${editor.document.getText()}` : "";
  return `${uri.fsPath} has\n${said(uri).join("\n") || "no hints"}${text}`;
}

export function expectedText(name: string): string {
  return fs.readFileSync(path.join(expected, name), "utf8");
}

export function onDisk(file: string): string {
  return fs.readFileSync(path.join(project, file), "utf8");
}

export function originally(file: string): string {
  return fs.readFileSync(path.join(original, file), "utf8");
}

/** Every file as it was, and none open. */
export async function startAfresh(): Promise<void> {
  for (const document of vscode.workspace.textDocuments) {
    if (!document.isDirty || !document.fileName.startsWith(project)) continue;
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("workbench.action.files.revert");
  }
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  for (const file of ["pyproject.toml", ...testFiles()]) {
    if (onDisk(file) !== originally(file)) fs.writeFileSync(path.join(project, file), originally(file));
  }
}

function testFiles(): string[] {
  const entries = fs.readdirSync(path.join(original, "tests"), { withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => path.join("tests", name));
}

/** Outside the editor, as another program would. */
export function appendToFile(file: string, text: string): void {
  fs.appendFileSync(path.join(project, file), text);
}

const TYPED = 'Path("late.csv").write_text("")';

/** Types, key by key, a line behind the last one that makes a hint; answers when the hint is there. */
export async function typeHint(shown: vscode.TextEditor): Promise<void> {
  const { document } = shown;
  const editor = await vscode.window.showTextDocument(document);
  const last = document.lineAt(document.getText().trimEnd().split("\n").length - 1);
  editor.selection = new vscode.Selection(last.range.end, last.range.end);
  for (const key of `\n${TYPED}`) await vscode.commands.executeCommand("type", { text: key });
  const typed = document.lineAt(last.lineNumber + 1);
  assert.equal(typed.text.trim(), TYPED);
  const start = `${String(typed.lineNumber + 1)}:${String(typed.firstNonWhitespaceCharacterIndex + 1)}`;
  await waitFor("the typed hint", () => said(document.uri).some((hint) => hint.startsWith(`${start}-`)));
}

export async function undoAll({ document }: vscode.TextEditor): Promise<void> {
  await waitFor("all to be undone", async () => {
    if (!document.isDirty) return true;
    await vscode.commands.executeCommand("undo");
    return false;
  });
}
