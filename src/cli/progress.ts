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

function createBar(stream: NodeJS.WriteStream, clock: Clock): ProgressView {
  const bar = new cliProgress.SingleBar({
    stream,
    format: "{kind} [{bar}] {value}/{total} {rate}/s, {eta_formatted} left",
    hideCursor: true,
    clearOnComplete: true,
    etaBuffer: 50,
  });
  let current: string | undefined;
  let startedAtMs = 0;
  return {
    update: ({ run, bucket, expectedTotal }) => {
      const resource = run.resources.find((candidate) => candidate.bucket === bucket);
      if (resource === undefined) return;
      const { listed } = resource.counts;
      if (current !== bucket) {
        if (current !== undefined) bar.stop();
        current = bucket;
        startedAtMs = clock.now();
        bar.start(expectedTotal ?? 1, 0, { kind: resource.kind.padEnd(10), rate: 0 });
      }
      const seconds = Math.max(0.001, (clock.now() - startedAtMs) / 1000);
      bar.setTotal(Math.max(expectedTotal ?? 1, listed, 1));
      bar.update(listed, { rate: Math.round(listed / seconds) });
    },
    stop: () => bar.stop(),
  };
}

function createLines(stream: NodeJS.WritableStream, clock: Clock): ProgressView {
  let current: string | undefined;
  let lastLineAtMs = 0;
  return {
    update: ({ run, bucket, expectedTotal }) => {
      const resource = run.resources.find((candidate) => candidate.bucket === bucket);
      if (resource === undefined) return;
      const isNew = current !== bucket;
      if (!isNew && clock.now() - lastLineAtMs < LINE_INTERVAL_MS) return;
      current = bucket;
      lastLineAtMs = clock.now();
      const total = expectedTotal === undefined ? "" : ` of about ${expectedTotal}`;
      stream.write(
        isNew ? `reading ${resource.kind}\n` : `reading ${resource.kind}: ${resource.counts.listed}${total}\n`,
      );
    },
    stop: () => undefined,
  };
}
