import { AbortError, AuthenticationError, ConfigurationError } from "../runtime/errors.ts";

/** Whether the reason holds for everything else that a run wants to do as well. */
export function isFatal(error: unknown): boolean {
  return error instanceof AuthenticationError || error instanceof ConfigurationError || error instanceof AbortError;
}
