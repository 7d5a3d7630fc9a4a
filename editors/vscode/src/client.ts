import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  type LanguageClientOptions,
} from "vscode-languageclient/node";
import { chosen } from "./chosen";
import { addressOfPage } from "./pages";

const CONFIGURATION_FILES =
  "**/{pyproject.toml,pytest.toml,.pytest.toml,pytest.ini,.pytest.ini,tox.ini,setup.cfg,flakeless.toml}";

export const DOCUMENTS = [
  { scheme: "file", language: "python" },
  { scheme: "untitled", language: "python" },
  { scheme: "file", pattern: CONFIGURATION_FILES },
];

/** So many messages in a row may go wrong before the connection is given up. */
const PATIENCE = 3;

/** Writes its troubles to the log only: what a person must know, the session says, once and with what to do. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

export class Server {
  readonly client: LanguageClient;
  private process: ChildProcess | undefined;

  constructor(
    private readonly file: string,
    log: vscode.LogOutputChannel,
  ) {
    this.client = new QuietClient("flakeless", "flakeless", () => this.spawn(log), options(log));
  }

  get version(): string {
    return this.client.initializeResult?.serverInfo?.version ?? "of an unknown version";
  }

  knows(command: string): boolean {
    const known = this.client.initializeResult?.capabilities.executeCommandProvider?.commands;
    return known?.includes(command) === true;
  }

  /** Ends it wherever it is: a client that is still starting cannot be stopped, its process can. */
  async stop(): Promise<void> {
    try {
      await this.client.stop();
    } catch {
      this.kill();
    }
  }

  kill(): void {
    this.process?.kill();
  }

  private async spawn(log: vscode.LogOutputChannel): Promise<ChildProcess> {
    const started = spawn(this.file, ["server"], { cwd: workingDirectory() });
    this.process = started;
    await once(started, "spawn");
    started.once("exit", (code, signal) => {
      log.info(
        `The server's process ${String(started.pid)} ended: ${signal ?? `exit code ${String(code)}`}.`,
      );
    });
    return started;
  }
}

function options(log: vscode.LogOutputChannel): LanguageClientOptions {
  return {
    documentSelector: DOCUMENTS,
    outputChannel: log,
    diagnosticPullOptions: { onChange: true },
    // No words and no second try of the client's own: the session does both.
    initializationFailedHandler: () => false,
    // A link at a hint's rule opens the page of the running version, also without a network.
    uriConverters: {
      code2Protocol: (uri) => uri.toString(),
      protocol2Code: (text) => addressOfPage(text) ?? vscode.Uri.parse(text),
    },
    middleware: {
      workspace: {
        configuration: ({ items }, token, next) =>
          items.every((item) => item.section === "flakeless")
            ? items.map((item) =>
                chosen(vscode.workspace.getConfiguration("flakeless", scope(item.scopeUri))),
              )
            : next({ items }, token),
      },
    },
    errorHandler: {
      error: (_error, _message, count) => ({
        action: (count ?? 0) <= PATIENCE ? ErrorAction.Continue : ErrorAction.Shutdown,
        handled: true,
      }),
      // The session starts a new one, if any.
      closed: () => ({ action: CloseAction.DoNotRestart, handled: true, message: "The connection ended." }),
    },
  };
}

function scope(uri: string | undefined): vscode.Uri | undefined {
  return uri === undefined ? undefined : vscode.Uri.parse(uri);
}

function workingDirectory(): string | undefined {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file");
  return folder?.uri.fsPath;
}
