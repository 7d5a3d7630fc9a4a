import assert from "node:assert/strict";
import fs from "node:fs";

import { open, said, startAfresh, typeHint, undoAll, waitFor, waitForHints } from "../project";

describe("a killed server", () => {
  afterEach(startAfresh);

  it("comes back by itself, with its hints", async () => {
    const file = "tests/test_manifest.py";
    const editor = await open(file);
    await waitForHints(file);
    const before = said(editor.document.uri);
    const [killed, ...others] = servers();
    assert(killed !== undefined && others.length === 0, `servers of this window: ${servers().join()}`);
    process.kill(killed, "SIGKILL");
    await waitFor("another server", () => servers().some((pid) => pid !== killed));
    // What a dead server has said may stand still: only a living one sees what is typed now.
    await typeHint(editor);
    await undoAll(editor);
    await waitFor("the hints as they were", () => said(editor.document.uri).join() === before.join());
  });
});

/** The children of this extension host that are called flakeless. */
function servers(): number[] {
  const processes = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return processes.map(Number).filter((pid) => {
    try {
      const [, name, parent] =
        /^\d+ \((.*)\) \S (\d+)/.exec(fs.readFileSync(`/proc/${String(pid)}/stat`, "utf8")) ?? [];
      return name === "flakeless" && Number(parent) === process.pid;
    } catch {
      return false; // It has ended meanwhile.
    }
  });
}
