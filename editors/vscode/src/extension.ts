import * as vscode from "vscode";
import { check } from "./commands/check";
import { createBaseline } from "./commands/createBaseline";
import { fixAll } from "./commands/fixAll";
import { menu } from "./commands/menu";
import { PROJECT_MODEL, ProjectModel } from "./commands/showProjectModel";
import { showRule } from "./commands/showRule";
import { Pages, RULE_PAGES } from "./pages";
import { Session } from "./session";
import { Status } from "./status";
import { sayingErrors, sayTrouble } from "./trouble";

let session: Session | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("flakeless", { log: true });
  const started = new Session(context.extensionUri, log);
  session = started;
  context.subscriptions.push(
    log,
    started.onDidChange((state) => void sayTrouble(started, context.extension.id, state)),
    vscode.workspace.onDidGrantWorkspaceTrust(() => started.restart()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("flakeless.path")) void started.follow();
    }),
    ...offer(started),
  );
  // The palette shows the commands from here on.
  void vscode.commands.executeCommand("setContext", "flakeless.active", true);
  await started.restart();
}

export async function deactivate(): Promise<void> {
  await session?.stop();
}

function offer(session: Session): { dispose(): unknown }[] {
  const status = new Status(session);
  const pages = new Pages(session);
  const model = new ProjectModel(session);
  const command = (name: string, run: (argument?: unknown) => Promise<void>) =>
    vscode.commands.registerCommand(`flakeless.${name}`, (argument?: unknown) =>
      sayingErrors(session, () => run(argument)),
    );
  return [
    status,
    vscode.workspace.registerTextDocumentContentProvider(RULE_PAGES, pages),
    vscode.workspace.registerTextDocumentContentProvider(PROJECT_MODEL, model),
    command("menu", () => menu(status)),
    command("restart", () => session.restart()),
    vscode.commands.registerCommand("flakeless.showLog", () => {
      session.log.show();
    }),
    command("showProjectModel", () => model.show()),
    command("showRule", (rule) => showRule(session, pages, rule)),
    command("fixAll", fixAll),
    command("check", () => check(session)),
    command("createBaseline", (folder) => createBaseline(session, folder)),
  ];
}
