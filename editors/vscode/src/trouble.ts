import * as vscode from "vscode";
import type { Session, State } from "./session";

/** Says what went wrong, with what can be done about it. */
export async function sayTrouble(session: Session, extension: string, state: State): Promise<void> {
  if (state.kind !== "failed") return;
  if (state.missing) await sayMissing(extension, state.why);
  else await sayFailed(session, state.why);
}

async function sayMissing(extension: string, why: string): Promise<void> {
  const [install, settings] = ["How to Install", "Open Settings"];
  const answer = await vscode.window.showErrorMessage(
    `${why} Install it, or say in flakeless.path where it is.`,
    install,
    settings,
  );
  if (answer === install) await vscode.commands.executeCommand("extension.open", extension);
  if (answer === settings) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "flakeless.path");
  }
}

async function sayFailed(session: Session, why: string): Promise<void> {
  const [restart, log] = ["Restart", "Show Log"];
  const answer = await vscode.window.showErrorMessage(why, restart, log);
  if (answer === restart) await session.restart();
  if (answer === log) session.log.show();
}

/** Runs a command of the palette; what is wrong is said to the person. */
export async function sayingErrors(session: Session, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    session.log.error(why);
    await sayFailed(session, why);
  }
}
