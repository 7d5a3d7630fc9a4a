import assert from "node:assert/strict";

import { expectedText, open, said, startAfresh, typeHint, undoAll, waitFor } from "../project";
import { servers } from "../server";

describe("a killed server", () => {
  afterEach(startAfresh);

  it("comes back by itself, with its hints", async () => {
    const file = "tests/test_manifest.py";
    const editor = await open(file);
    const before = expectedText("hints").trimEnd();
    await waitFor("the file's hints", () => said(editor.document.uri).join("\n") === before);
    const [killed, ...others] = servers();
    assert(killed !== undefined && others.length === 0, `servers of this window: ${servers().join()}`);
    process.kill(killed, "SIGKILL");
    await waitFor("another server", () => servers().some((pid) => pid !== killed));
    // What a dead server has said may stand still: only a living one sees what is typed now.
    await typeHint(editor);
    await undoAll(editor);
    await waitFor("the hints as they were", () => said(editor.document.uri).join("\n") === before);
  });
});
