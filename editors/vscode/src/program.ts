import * as path from "node:path";

/** What decides which program is run. */
export interface Surroundings {
  /** `flakeless.path` as far as the workspace is trusted; empty when nobody has set it. */
  setting: string;
  /** The extension's own folder: a platform package holds the program in `server/`. */
  extension: string;
  /** The first folder of the workspace. */
  folder: string | undefined;
  home: string;
  PATH: string;
  windows: boolean;
  isProgram: (file: string) => boolean;
}

export type Program =
  | { found: true; file: string; by: "flakeless.path" | "the extension" | "the PATH" }
  | { found: false; why: string };

/** What the person says comes first, then what the package brings, then the PATH. */
export function program(around: Surroundings): Program {
  if (around.setting !== "") return said(around);
  const paths = around.windows ? path.win32 : path.posix;
  const bundled = paths.join(around.extension, "server", executable("flakeless", around));
  if (around.isProgram(bundled)) return { found: true, file: bundled, by: "the extension" };
  const file = onPath("flakeless", around);
  if (file !== undefined) return { found: true, file, by: "the PATH" };
  return {
    found: false,
    why: "There is no flakeless program: this package of the extension brings none, and none is on the PATH.",
  };
}

function said(around: Surroundings): Program {
  const { setting, folder, home, windows } = around;
  const paths = windows ? path.win32 : path.posix;
  const isName = path.win32.basename(setting) === setting;
  const file = isName
    ? onPath(setting, around)
    : paths.resolve(
        folder ?? home,
        setting.replace("${workspaceFolder}", () => folder ?? home).replace(/^~(?=[/\\])/, () => home),
      );
  if (file !== undefined && around.isProgram(file)) return { found: true, file, by: "flakeless.path" };
  const where = isName ? "which is not on the PATH" : "where there is no program";
  return { found: false, why: `The setting flakeless.path says ${setting}, ${where}.` };
}

/**
 * Searches the PATH itself: left to the system, a name is looked for in the working directory too, on Windows even
 * first, and the working directory may be a workspace that nobody trusts.
 */
function onPath(name: string, around: Surroundings): string | undefined {
  const paths = around.windows ? path.win32 : path.posix;
  const folders = around.PATH.split(paths.delimiter).filter((folder) => paths.isAbsolute(folder));
  return folders.map((folder) => paths.join(folder, executable(name, around))).find(around.isProgram);
}

function executable(name: string, { windows }: Surroundings): string {
  return windows && path.win32.extname(name) === "" ? `${name}.exe` : name;
}
