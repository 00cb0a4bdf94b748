import { UpstreamError } from "../runtime/errors.ts";
import type { Gaps } from "./incomplete-read-error.ts";

/** Few, because a batch that fails is cut in halves, and each half has as many. */
export const ATTEMPTS_PER_BATCH = 5;

/**
 * Reads a batch. One that Jira cannot answer is halved until what is at fault stands alone; that becomes a gap, and
 * everything else is read all the same.
 */
export async function readBisecting<Result>(
  ids: readonly string[],
  options: { readonly what: string; readonly gaps: Gaps },
  read: (ids: readonly string[]) => Promise<readonly Result[]>,
): Promise<readonly Result[]> {
  if (ids.length === 0) return [];
  try {
    return await read(ids);
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.status === 429) throw error;
    if (ids.length === 1) {
      options.gaps.add(`${options.what} ${ids[0]}`, error);
      return [];
    }
  }
  const half = Math.ceil(ids.length / 2);
  const first = await readBisecting(ids.slice(0, half), options, read);
  return [...first, ...(await readBisecting(ids.slice(half), options, read))];
}
