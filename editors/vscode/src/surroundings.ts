import * as fs from "node:fs";
import * as os from "node:os";
import * as vscode from "vscode";
import type { Surroundings } from "./program";

export function surroundings(extension: vscode.Uri): Surroundings {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file");
  return {
    // VS Code leaves out what a workspace without trust says here: `restrictedConfigurations` in package.json.
    setting: vscode.workspace.getConfiguration("flakeless").get("path", "").trim(),
    extension: extension.fsPath,
    folder: folder?.uri.fsPath,
    home: os.homedir(),
    PATH: process.env.PATH ?? "",
    windows: process.platform === "win32",
    isProgram,
  };
}

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
