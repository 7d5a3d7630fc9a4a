import fs from "node:fs";

/** Kills every flakeless that an ancestor started, however far below. */
export function endServers(ancestor) {
  const parents = new Map();
  const found = [];
  for (const name of fs.readdirSync("/proc")) {
    const [, program, parent] = /^\d+ \((.*)\) \S (\d+)/.exec(stat(name)) ?? [];
    if (parent === undefined) continue;
    parents.set(Number(name), Number(parent));
    if (program === "flakeless") found.push(Number(name));
  }
  for (const pid of found) {
    if (isBelow(parents, pid, ancestor)) process.kill(pid, "SIGKILL");
  }
}

function isBelow(parents, pid, ancestor) {
  for (let at = pid; at !== undefined; at = parents.get(at)) if (at === ancestor) return true;
  return false;
}

function stat(name) {
  if (!/^\d+$/.test(name)) return "";
  try {
    return fs.readFileSync(`/proc/${name}/stat`, "utf8");
  } catch {
    return ""; // It has ended meanwhile.
  }
}
