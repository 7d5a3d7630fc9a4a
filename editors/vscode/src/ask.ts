import type { CancellationToken, Progress } from "vscode";
import { ExecuteCommandRequest, WorkDoneProgress, type ProgressToken } from "vscode-languageclient/node";
import type { Server } from "./client";
import type { Session } from "./session";

type Steps = Progress<{ message?: string; increment?: number }>;

interface Shown {
  steps: Steps;
  token: CancellationToken;
}

let asked = 0;

/** Has the server run one of its commands. Every error's message is meant for the person. */
export async function ask<T>(session: Session, command: string, args: unknown[], shown?: Shown): Promise<T> {
  const server = await session.running();
  if (server === undefined) throw new Error(notRunning(session));
  if (!server.knows(command)) throw new Error(tooOld(session, server, command));
  const params = { command, arguments: args };
  if (shown === undefined) return (await server.client.sendRequest(ExecuteCommandRequest.type, params)) as T;

  const workDoneToken = `flakeless/${String(++asked)}`;
  const steps = showSteps(server, workDoneToken, shown.steps);
  try {
    const request = { ...params, workDoneToken };
    return (await server.client.sendRequest(ExecuteCommandRequest.type, request, shown.token)) as T;
  } finally {
    steps.dispose();
  }
}

function showSteps(server: Server, token: ProgressToken, steps: Steps) {
  let reached = 0;
  return server.client.onProgress(WorkDoneProgress.type, token, (work) => {
    if (work.kind === "end") return;
    const percentage = work.percentage ?? reached;
    steps.report({ message: work.message ?? "", increment: percentage - reached });
    reached = percentage;
  });
}

function notRunning(session: Session): string {
  return session.state.kind === "failed" ? session.state.why : "The flakeless server is not running.";
}

function tooOld(session: Session, server: Server, command: string): string {
  const file = session.state.kind === "running" ? session.state.file : "the server";
  return `${file} (${server.version}) has no command ${command}: it is older than the extension. Install a newer flakeless, or clear the setting flakeless.path.`;
}
