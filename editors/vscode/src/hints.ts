import * as vscode from "vscode";

/** How many hints are shown, by file. */
export class Hints {
  private readonly byFile = new Map<string, number>();

  note(uris: readonly vscode.Uri[]): void {
    for (const uri of uris) {
      const count = vscode.languages.getDiagnostics(uri).filter(isHint).length;
      if (count > 0) this.byFile.set(uri.toString(), count);
      else this.byFile.delete(uri.toString());
    }
  }

  in(uri: vscode.Uri): number {
    return this.byFile.get(uri.toString()) ?? 0;
  }

  get files(): number {
    return this.byFile.size;
  }

  get all(): number {
    return [...this.byFile.values()].reduce((sum, count) => sum + count, 0);
  }
}

export function isHint(diagnostic: vscode.Diagnostic): boolean {
  return diagnostic.source === "flakeless" && ruleOf(diagnostic) !== undefined;
}

/** The rule of a hint. What is wrong with a settings file has none. */
export function ruleOf({ code }: vscode.Diagnostic): string | undefined {
  const name = typeof code === "object" ? code.value : code;
  return typeof name === "string" ? name : undefined;
}

export function counted(count: number, thing: string): string {
  return `${String(count)} ${thing}${count === 1 ? "" : "s"}`;
}
