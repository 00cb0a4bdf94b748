import cliProgress from "cli-progress";
import type { Clock } from "../runtime/clock.ts";
import type { ResyncProgress } from "../sync/resync.ts";

export interface ProgressView {
  update(progress: ResyncProgress): void;
  stop(): void;
}

/** A line at most this often where there is no terminal. */
const LINE_INTERVAL_MS = 5000;

/** A bar with rate and remaining time on a terminal, plain lines elsewhere. */
export function createProgressView(stream: NodeJS.WriteStream, clock: Clock): ProgressView {
  return stream.isTTY && process.env["TERM"] !== "dumb" ? createBar(stream, clock) : createLines(stream, clock);
}

interface Reading {
  readonly kind: string;
  readonly bucket: string;
  readonly listed: number;
  readonly expectedTotal: number | undefined;
}

function listRunning({ run, expectedTotals }: ResyncProgress): readonly Reading[] {
  return run.resources.flatMap(({ kind, bucket, status, counts }) =>
    status === "running" ? [{ kind, bucket, listed: counts.listed, expectedTotal: expectedTotals.get(bucket) }] : [],
  );
}

/** One bar for all that is being read; it begins anew when that changes. */
function createBar(stream: NodeJS.WriteStream, clock: Clock): ProgressView {
  const bar = new cliProgress.SingleBar({
    stream,
    format: "{kinds} [{bar}] {value}/{total} {pace}",
    hideCursor: true,
    clearOnComplete: true,
  });
  let current = "";
  let startedAtMs = 0;
  return {
    update: (progress) => {
      const running = listRunning(progress);
      if (running.length === 0) return;
      const kinds = [...new Set(running.map(({ kind }) => kind))].join(", ").padEnd(10);
      const listed = running.reduce((sum, reading) => sum + reading.listed, 0);
      const total = running.reduce((sum, reading) => sum + Math.max(reading.expectedTotal ?? 1, reading.listed, 1), 0);
      if (current !== kinds) {
        if (current !== "") bar.stop();
        current = kinds;
        startedAtMs = clock.now();
        bar.start(total, listed, { kinds, pace: "" });
      }
      const seconds = Math.max(0.001, (clock.now() - startedAtMs) / 1000);
      bar.setTotal(total);
      bar.update(listed, { pace: toPace(listed / seconds, total - listed) });
    },
    stop: () => bar.stop(),
  };
}

/** Rate and remaining time, as soon as there is a rate to tell them from. */
function toPace(perSecond: number, remaining: number): string {
  if (perSecond === 0) return "";
  const seconds = Math.ceil(remaining / perSecond);
  const left = seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
  return `${Math.round(perSecond)}/s, ${left} left`;
}

function createLines(stream: NodeJS.WritableStream, clock: Clock): ProgressView {
  const told = new Set<string>();
  let lastLineAtMs = 0;
  return {
    update: (progress) => {
      const running = listRunning(progress);
      const isDue = clock.now() - lastLineAtMs >= LINE_INTERVAL_MS;
      if (isDue) lastLineAtMs = clock.now();
      for (const { kind, bucket, listed, expectedTotal } of running) {
        const isNew = !told.has(bucket);
        told.add(bucket);
        const total = expectedTotal === undefined ? "" : ` of about ${expectedTotal}`;
        if (isNew) stream.write(`reading ${kind}\n`);
        else if (isDue) stream.write(`reading ${kind}: ${listed}${total}\n`);
      }
    },
    stop: () => undefined,
  };
}
