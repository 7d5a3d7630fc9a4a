import assert from "node:assert/strict";
import { test } from "node:test";
import { program, type Surroundings } from "./program";

function around(programs: string[], more: Partial<Surroundings> = {}): Surroundings {
  return {
    setting: "",
    extension: "/ext",
    folder: "/my work",
    home: "/home/ann",
    PATH: "/usr/bin:/usr/local/bin",
    windows: false,
    isProgram: (file) => programs.includes(file),
    ...more,
  };
}

function fileOf(programs: string[], more: Partial<Surroundings> = {}): string {
  const chosen = program(around(programs, more));
  return chosen.found ? chosen.file : chosen.why;
}

const BUNDLED = "/ext/server/flakeless";
const ON_PATH = "/usr/local/bin/flakeless";

test("the setting, then the package, then the PATH", () => {
  const all = [BUNDLED, ON_PATH, "/opt/flakeless"];
  assert.deepEqual(program(around(all, { setting: "/opt/flakeless" })), {
    found: true,
    file: "/opt/flakeless",
    by: "flakeless.path",
  });
  assert.deepEqual(program(around(all)), { found: true, file: BUNDLED, by: "the extension" });
  assert.deepEqual(program(around([ON_PATH])), { found: true, file: ON_PATH, by: "the PATH" });
  assert.equal(program(around([])).found, false);
});

test("a name in the setting is looked for on the PATH", () => {
  assert.equal(fileOf([BUNDLED, ON_PATH], { setting: "flakeless" }), ON_PATH);
});

test("a path in the setting may begin in the home, in the first folder, or be relative to that folder", () => {
  const inFolder = "/my work/.venv/bin/flakeless";
  assert.equal(
    fileOf(["/home/ann/bin/flakeless"], { setting: "~/bin/flakeless" }),
    "/home/ann/bin/flakeless",
  );
  assert.equal(fileOf([inFolder], { setting: "${workspaceFolder}/.venv/bin/flakeless" }), inFolder);
  assert.equal(fileOf([inFolder], { setting: ".venv/bin/flakeless" }), inFolder);
});

test("a setting that names nothing is said, and nothing else is run in its place", () => {
  assert.match(
    fileOf([BUNDLED], { setting: "/opt/flakeless" }),
    /says \/opt\/flakeless, where there is no program/,
  );
  assert.match(fileOf([BUNDLED], { setting: "flakeles" }), /says flakeles, which is not on the PATH/);
});

test("only full paths of the PATH count: a workspace may hold a program of that name", () => {
  const inFolder = ["flakeless", "bin/flakeless", "./flakeless"];
  assert.equal(program(around(inFolder, { PATH: ":.:bin" })).found, false);
});

test("on Windows the program ends in .exe", () => {
  const windows = { windows: true, extension: "C:\\ext", folder: "D:\\my work", PATH: ".;C:\\Py Tools" };
  assert.equal(fileOf(["C:\\ext\\server\\flakeless.exe"], windows), "C:\\ext\\server\\flakeless.exe");
  assert.equal(fileOf(["C:\\Py Tools\\flakeless.exe"], windows), "C:\\Py Tools\\flakeless.exe");
  const named = { ...windows, setting: "flakeless.exe" };
  assert.equal(fileOf(["C:\\Py Tools\\flakeless.exe"], named), "C:\\Py Tools\\flakeless.exe");
  const relative = { ...windows, setting: "venv\\Scripts\\flakeless.exe" };
  const there = "D:\\my work\\venv\\Scripts\\flakeless.exe";
  assert.equal(fileOf([there], relative), there);
});
