import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";

const OPTIONS: LanguageClientOptions = {
  documentSelector: [
    { scheme: "file", language: "python" },
    { scheme: "untitled", language: "python" },
    {
      scheme: "file",
      pattern: "**/{pyproject.toml,pytest.toml,.pytest.toml,pytest.ini,.pytest.ini,tox.ini,setup.cfg}",
    },
  ],
};

let client: LanguageClient | undefined;
let lastStep = Promise.resolve();

export function activate(context: vscode.ExtensionContext): Promise<void> {
  context.subscriptions.push(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("flakeless.path")) void inTurn(restart);
    }),
  );
  return inTurn(restart);
}

export function deactivate(): Promise<void> {
  return inTurn(stop);
}

/** Settings can change faster than a server starts: each step waits for the one before. */
function inTurn(step: () => Promise<void>): Promise<void> {
  lastStep = lastStep.then(step);
  return lastStep;
}

async function restart(): Promise<void> {
  await stop();
  const command = vscode.workspace.getConfiguration("flakeless").get("path", "flakeless");
  const server: ServerOptions = { command, args: ["server"] };
  const started = new LanguageClient("flakeless", server, OPTIONS);
  try {
    await started.start();
    client = started;
  } catch {
    // The client has told the user already; a corrected setting starts the next one.
  }
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  try {
    await running?.stop();
  } catch {
    // It died by itself.
  }
}
