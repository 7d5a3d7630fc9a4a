import type { WorkspaceConfiguration } from "vscode";

/** Settings that speak to the extension, not to the server. */
const OWN = new Set(["path", "trace"]);

/**
 * What a person has set, and no defaults: an editor's setting wins over `pyproject.toml`, so a default that was sent
 * along would silence the file. An emptied text field of the settings editor counts as not set.
 */
export function chosen(
  configuration: Pick<WorkspaceConfiguration, "get" | "inspect">,
): Record<string, unknown> {
  const names = Object.keys(configuration).filter((name) => isSet(configuration, name));
  return Object.fromEntries(names.map((name) => [name, configuration.get(name)]));
}

function isSet(configuration: Pick<WorkspaceConfiguration, "get" | "inspect">, name: string): boolean {
  if (OWN.has(name)) return false;
  const said = configuration.inspect(name);
  if (said === undefined) return false;
  const values = [said.globalValue, said.workspaceValue, said.workspaceFolderValue];
  return values.some((value) => value !== undefined) && configuration.get(name) !== "";
}
