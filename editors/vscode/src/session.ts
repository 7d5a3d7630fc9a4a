import * as vscode from "vscode";
import { State as ClientState } from "vscode-languageclient/node";
import { Server } from "./client";
import { program } from "./program";
import { Restarts, WITHIN_MINUTES } from "./restarts";
import { surroundings } from "./surroundings";

export type State =
  | { kind: "starting"; file: string }
  | { kind: "running"; file: string; by: string; version: string }
  | { kind: "stopped" }
  | { kind: "failed"; why: string; missing: boolean };

/** So long a program may take to say that it is a language server. */
const PATIENCE_MS = 30_000;

/** The one server of the window: started, started again, stopped, one step at a time. */
export class Session {
  private readonly changes = new vscode.EventEmitter<State>();
  readonly onDidChange = this.changes.event;
  state: State = { kind: "stopped" };
  private server: Server | undefined;
  private readonly restarts = new Restarts();
  private lastStep = Promise.resolve();

  constructor(
    private readonly extension: vscode.Uri,
    readonly log: vscode.LogOutputChannel,
  ) {}

  /** What is running, after all that was asked for before has been done. */
  async running(): Promise<Server | undefined> {
    await this.lastStep;
    return this.server;
  }

  restart(): Promise<void> {
    this.restarts.forget();
    return this.startAgain();
  }

  /** After a change of settings: only if another program is to be run now. */
  async follow(): Promise<void> {
    const chosen = program(surroundings(this.extension));
    const current = "file" in this.state ? this.state.file : undefined;
    if (!chosen.found || chosen.file !== current) await this.restart();
  }

  stop(): Promise<void> {
    this.giveUpStarting();
    return this.inTurn(() => this.end());
  }

  private startAgain(): Promise<void> {
    this.giveUpStarting();
    return this.inTurn(async () => {
      await this.end();
      await this.begin();
    });
  }

  /** A program that never answers would hold up every later step. */
  private giveUpStarting(): void {
    if (this.state.kind === "starting") this.server?.giveUp();
  }

  private inTurn(step: () => Promise<void>): Promise<void> {
    this.lastStep = this.lastStep.then(step);
    return this.lastStep;
  }

  private async begin(): Promise<void> {
    const chosen = program(surroundings(this.extension));
    if (!chosen.found) {
      this.enter({ kind: "failed", why: chosen.why, missing: true });
      return;
    }
    const { file, by } = chosen;
    const server = new Server(file, this.log);
    this.server = server;
    this.log.info(`Starting ${file} server, by ${by}.`);
    this.enter({ kind: "starting", file });
    const whyNot = await server.start(PATIENCE_MS);
    if (whyNot !== undefined) {
      this.server = undefined;
      this.enter(
        server.isGivenUp
          ? { kind: "stopped" }
          : {
              kind: "failed",
              why: `${file} does not start as a language server: ${whyNot}.`,
              missing: false,
            },
      );
      return;
    }
    this.enter({ kind: "running", file, by, version: server.version });
    server.client.onDidChangeState(({ newState }) => {
      if (newState === ClientState.Stopped) this.ended(server);
    });
  }

  private async end(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    if (server === undefined) return;
    await server.stop();
    this.enter({ kind: "stopped" });
  }

  /** It ended, and nobody asked it to. */
  private ended(server: Server): void {
    if (this.server !== server) return;
    this.server = undefined;
    if (this.restarts.allow(Date.now())) {
      this.log.warn("The server ended by itself; it is started again.");
      void this.startAgain();
      return;
    }
    const why = `The flakeless server ended by itself five times in ${String(WITHIN_MINUTES)} minutes and is not started again.`;
    this.enter({ kind: "failed", why, missing: false });
  }

  private enter(state: State): void {
    this.state = state;
    if (state.kind === "failed") this.log.error(state.why);
    this.changes.fire(state);
  }
}
