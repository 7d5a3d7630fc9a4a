import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  type LanguageClientOptions,
  type StaticFeature,
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

const MOST_OF_ERROR = 2000;
const LAST_WORDS_MS = 1000;

/** VS Code shows a hint's message above its hover, which need not say it again. LSP has no word for that. */
const DIAGNOSTICS_ON_HOVER: StaticFeature = {
  fillClientCapabilities(capabilities) {
    const others = capabilities.experimental as object | undefined;
    capabilities.experimental = { ...others, flakeless: { diagnosticsOnHover: true } };
  },
  initialize() {
    // Nothing to set up.
  },
  getState: () => ({ kind: "static" }),
  clear() {
    // Nothing to take down.
  },
};

/** Writes its troubles to the log only: what a person must know, the session says, once and with what to do. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

export class Server {
  readonly client: LanguageClient;
  /** Somebody wants no answer of it any more. */
  isGivenUp = false;
  private process: ChildProcess | undefined;
  /** It is gone, and all that it wrote was read. */
  private ended: Promise<unknown> = Promise.resolve();
  private errorOutput = "";

  constructor(
    private readonly file: string,
    log: vscode.LogOutputChannel,
  ) {
    this.client = new QuietClient("flakeless", "flakeless", () => this.spawn(log), options(log));
    this.client.registerFeature(DIAGNOSTICS_ON_HOVER);
  }

  get version(): string {
    return this.client.initializeResult?.serverInfo?.version ?? "of an unknown version";
  }

  knows(command: string): boolean {
    const known = this.client.initializeResult?.capabilities.executeCommandProvider?.commands;
    return known?.includes(command) === true;
  }

  /** Starts it; answers why that is not possible, if so. */
  async start(patienceMs: number): Promise<string | undefined> {
    let late: string | undefined;
    const impatience = globalThis.setTimeout(() => {
      late = `it has not answered for ${String(patienceMs / 1000)} seconds`;
      this.process?.kill();
    }, patienceMs);
    try {
      await this.client.start();
      return undefined;
    } catch (error) {
      this.process?.kill();
      // A program of its own may hold its error output open.
      await Promise.race([this.ended, setTimeout(LAST_WORDS_MS)]);
      return late ?? (this.firstWords() || (error instanceof Error ? error.message : String(error)));
    } finally {
      clearTimeout(impatience);
    }
  }

  /** Ends a start that may never come to an end by itself. */
  giveUp(): void {
    this.isGivenUp = true;
    this.process?.kill();
  }

  async stop(): Promise<void> {
    try {
      await this.client.stop();
    } catch {
      this.process?.kill();
    }
  }

  /** Programs say first what is wrong. */
  private firstWords(): string {
    return this.errorOutput.trim().split("\n")[0]?.replace(/\.$/, "") ?? "";
  }

  private async spawn(log: vscode.LogOutputChannel): Promise<ChildProcess> {
    const started = spawn(this.file, ["server"], { cwd: workingDirectory() });
    this.process = started;
    started.stderr.on("data", (text: Buffer) => {
      this.errorOutput = (this.errorOutput + text.toString()).slice(0, MOST_OF_ERROR);
    });
    this.ended = new Promise((resolve) => started.once("close", resolve));
    started.once("exit", (code, signal) => {
      log.info(
        `The server's process ${String(started.pid)} ended: ${signal ?? `exit code ${String(code)}`}.`,
      );
    });
    started.on("error", (error) => {
      log.error(error);
    });
    await once(started, "spawn");
    return started;
  }
}

function options(log: vscode.LogOutputChannel): LanguageClientOptions {
  return {
    documentSelector: DOCUMENTS,
    outputChannel: log,
    // Of a workspace that is not trusted the server runs no test, whoever asks.
    initializationOptions: vscode.workspace.isTrusted ? undefined : { trusted: false },
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
