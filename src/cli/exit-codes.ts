import { CommanderError } from "commander";
import { QuaysideError, unreachable, type ErrorCode } from "../runtime/errors.ts";
import type { Run } from "../store/run-store.ts";
import type { SyncPreview } from "../sync/preview-resync.ts";

/** What the process tells the shell. Documented in docs/cli.md; a test compares. */
export const EXIT_CODES = {
  ok: 0,
  internal: 1,
  configuration: 2,
  mapping: 3,
  authentication: 4,
  upstream: 5,
  incomplete: 6,
  held: 7,
  inUse: 8,
  damaged: 9,
  changes: 10,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

const BY_ERROR: Readonly<Record<ErrorCode, ExitCode>> = {
  configuration_invalid: EXIT_CODES.configuration,
  invalid_input: EXIT_CODES.mapping,
  authentication_failed: EXIT_CODES.authentication,
  not_allowed: EXIT_CODES.authentication,
  upstream_failed: EXIT_CODES.upstream,
  not_found: EXIT_CODES.upstream,
  conflict: EXIT_CODES.inUse,
  aborted: EXIT_CODES.interrupted,
  limit_exceeded: EXIT_CODES.internal,
  internal: EXIT_CODES.internal,
};

export function toExitCode(error: unknown): ExitCode {
  // Help and version end in an error too, one of code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.configuration;
  return error instanceof QuaysideError ? BY_ERROR[error.code] : EXIT_CODES.internal;
}

export function toRunExitCode(run: Run): ExitCode {
  switch (run.status) {
    case "completed":
      if (run.failureCount > 0) return EXIT_CODES.incomplete;
      return (run.held ?? 0) > 0 ? EXIT_CODES.held : EXIT_CODES.ok;
    case "incomplete":
    case "failed":
    case "running":
      return EXIT_CODES.incomplete;
    case "aborted":
      return EXIT_CODES.interrupted;
    default:
      return unreachable(run.status);
  }
}

/** Of a dry run: what the resync itself would say, and whether it would change anything. */
export function toPreviewExitCode({ run, changes, held }: SyncPreview): ExitCode {
  const code = toRunExitCode({ ...run, held: held.length });
  return code === EXIT_CODES.ok && changes.size > 0 ? EXIT_CODES.changes : code;
}
