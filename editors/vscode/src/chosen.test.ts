import assert from "node:assert/strict";
import { test } from "node:test";
import type { WorkspaceConfiguration } from "vscode";
import { chosen } from "./chosen";

type Said = Partial<
  Record<"defaultValue" | "globalValue" | "workspaceValue" | "workspaceFolderValue", unknown>
>;

/** As VS Code gives it: its methods, and every declared setting, with the default where nobody has set it. */
function configuration(said: Record<string, Said>) {
  const value = ({ defaultValue, globalValue, workspaceValue, workspaceFolderValue }: Said) =>
    workspaceFolderValue ?? workspaceValue ?? globalValue ?? defaultValue;
  const values = Object.fromEntries(Object.entries(said).map(([name, of]) => [name, value(of)]));
  return {
    ...values,
    get: (name: string) => values[name],
    inspect: (name: string) => ({ key: `flakeless.${name}`, ...said[name] }),
  } as WorkspaceConfiguration;
}

test("a default that nobody has set is not sent: it would silence pyproject.toml", () => {
  const untouched = configuration({
    select: { defaultValue: ["default"] },
    severity: { defaultValue: {} },
    "max-file-size": { defaultValue: "2 MB" },
  });
  assert.deepEqual(chosen(untouched), {});
});

test("what is set anywhere is sent, the nearest wins", () => {
  const set = configuration({
    select: { defaultValue: ["default"], globalValue: ["all"] },
    ignore: { defaultValue: [], globalValue: ["a"], workspaceValue: ["b"] },
    "min-confidence": { workspaceFolderValue: "likely", workspaceValue: "possible" },
    "diagnostic-mode": { defaultValue: "open-files", globalValue: "open-files" },
  });
  assert.deepEqual(chosen(set), {
    select: ["all"],
    ignore: ["b"],
    "min-confidence": "likely",
    "diagnostic-mode": "open-files",
  });
});

test("an emptied text field is not set; an emptied list is", () => {
  const emptied = configuration({
    python: { defaultValue: "", globalValue: "" },
    exclude: { defaultValue: ["venv"], globalValue: [] },
  });
  assert.deepEqual(chosen(emptied), { exclude: [] });
});

test("what is the extension's own stays here; a name with a typing error is sent, so that the server can say so", () => {
  const mixed = configuration({
    path: { globalValue: "/opt/flakeless" },
    trace: { globalValue: { server: "verbose" } },
    selct: { globalValue: ["all"] },
  });
  assert.deepEqual(chosen(mixed), { selct: ["all"] });
});
