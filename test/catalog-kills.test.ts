import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./fixtures/quayside-process.ts";

function kill(...args: readonly string[]): Promise<{ readonly code: number; readonly problems: number }> {
  return new Promise((resolve) => {
    const command = [join(root, "bench", "chaos-catalog.ts"), "--seed", "3", ...args];
    execFile(process.execPath, command, { cwd: root }, (error, stdout) => {
      const { problems } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as { problems: number }; // its last line
      resolve({ code: Number(error?.code ?? 0), problems });
    });
  });
}

test(
  "a catalog killed twice under load has every write that it answered, and is whole",
  { timeout: 180_000 },
  async () => {
    expect(await kill("--kills", "2")).toEqual({ code: 0, problems: 0 });
  },
);

test("a catalog that answers before it has written is found out", { timeout: 180_000 }, async () => {
  const { code, problems } = await kill("--kills", "1", "--plant", "early-answer");
  expect([code, problems > 0]).toEqual([1, true]);
});
