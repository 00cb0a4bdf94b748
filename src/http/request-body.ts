import type { MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import { CatalogError } from "../catalog/catalog-error.ts";

export const MAX_BODY_BYTES = 1024 * 1024;
/** Deeper documents would exhaust the stack of whatever walks them. */
const MAX_NESTING = 200;

/**
 * Reads the body within the limit, and has it taken as JSON whatever its content type says: `curl -d` names another one.
 */
export const readBody: MiddlewareHandler = async (c, next) => {
  if (c.req.method === "GET" || c.req.method === "HEAD") return next();
  const isKnown = hasKnownLength(c.req);
  const body = isKnown ? await c.req.text() : await readCounted(c.req.raw.body);
  assertNesting(body);
  if (!isKnown || !isJson(c.req.header("content-type"))) {
    const headers = new Headers(c.req.raw.headers);
    headers.set("content-type", "application/json");
    c.req.raw = new Request(c.req.url, { method: c.req.method, headers, body });
  }
  return next();
};

function hasKnownLength(request: { header(name: string): string | undefined }): boolean {
  const length = request.header("content-length");
  if (length === undefined || request.header("transfer-encoding") !== undefined) return false;
  if (Number(length) > MAX_BODY_BYTES) throw tooLarge();
  return true;
}

async function readCounted(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function tooLarge(): HTTPException {
  return new HTTPException(413, {
    message: "The request is larger than 1 MiB, the limit: send fewer entities at a time",
  });
}

function isJson(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/json *(;|$)/i.test(contentType);
}

/** Counts brackets outside of strings, without building anything. */
function assertNesting(text: string): void {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (isInString) {
      if (code === 0x5c) index++;
      else if (code === 0x22) isInString = false;
    } else if (code === 0x22) isInString = true;
    else if (code === 0x5b || code === 0x7b) depth++;
    else if (code === 0x5d || code === 0x7d) depth--;
    if (depth > MAX_NESTING) {
      throw new CatalogError("bad_request", `The body is nested deeper than ${MAX_NESTING} levels`);
    }
  }
}
