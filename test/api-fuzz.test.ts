import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./fixtures/quayside-process.ts";

interface Result {
  readonly code: number;
  readonly summary: Readonly<Record<string, number>>;
  readonly errors: string;
}

function fuzz(...args: readonly string[]): Promise<Result> {
  return new Promise((resolve) => {
    const command = [join(root, "bench", "fuzz-api.ts"), ...args];
    execFile(process.execPath, command, { cwd: root }, (error, stdout, stderr) => {
      const summary = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Result["summary"]; // its last line
      resolve({ code: Number(error?.code ?? 0), summary, errors: stderr });
    });
  });
}

test("250 requests, four in ten of them damaged, are answered as promised, and leave the store whole", async () => {
  const { code, summary } = await fuzz("--requests", "250", "--seed", "7");
  expect(summary).toMatchObject({ requests: 250, failed: 0, unanswered: 0, crashes: 0, damage: 0 });
  expect(summary["share"]).toBeGreaterThan(0.3);
  expect(code).toBe(0);
});

test("a server whose store is gone is found out, and each failure can be repeated", async () => {
  const { code, summary, errors } = await fuzz("--requests", "40", "--seed", "7", "--plant", "closed-store");
  expect(code).toBe(1);
  expect(summary["failed"]).toBeGreaterThan(0);
  expect(errors).toMatch(/repeat: npm run fuzz:api -- --seed 7 --only \d+/);
});
