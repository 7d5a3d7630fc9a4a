import assert from "node:assert/strict";
import { test } from "node:test";
import { Restarts } from "./restarts";

const MINUTE = 60_000;

test("four ends in three minutes are made good, a fifth is not", () => {
  const restarts = new Restarts();
  const answers = [0, 1, 2, 3, 4].map((second) => restarts.allow(second * 1000));
  assert.deepEqual(answers, [true, true, true, true, false]);
});

test("ends long ago do not count", () => {
  const restarts = new Restarts();
  const answers = [0, 1, 2, 3, 4, 5, 6, 7].map((minute) => restarts.allow(minute * MINUTE));
  assert.ok(answers.every((allowed) => allowed));
});

test("a person's own restart begins anew", () => {
  const restarts = new Restarts();
  for (const second of [0, 1, 2, 3, 4]) restarts.allow(second * 1000);
  restarts.forget();
  assert.equal(restarts.allow(5000), true);
});
