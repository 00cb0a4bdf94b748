import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener, RequestError } from "@hono/node-server";
import { CatalogError } from "../catalog/catalog-error.ts";
import type { Clock } from "../runtime/clock.ts";
import { ConfigurationError, ConflictError, toMessage } from "../runtime/errors.ts";
import { toErrorResponse } from "./error-response.ts";
import type { HttpApp } from "./services.ts";

export interface RunningServer {
  /** Where it can be reached, without a slash at the end. */
  readonly url: string;
  /** Takes no new requests and resolves when those in flight are answered, or cut off after a grace period. */
  close(): Promise<void>;
}

const GRACE_MS = 3000;

/** Throws ConflictError when the port is taken. */
export async function startServer(options: {
  readonly app: HttpApp;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly clock: Clock;
}): Promise<RunningServer> {
  const { app, host, port, clock } = options;
  const listener = getRequestListener(app.fetch, { errorHandler: answerUnreadable });
  const server = createServer((request, response) => void listener(request, response));
  let isClosing = false;
  // A connection that was busy when closing began would be kept alive after its answer, and closing would wait for it.
  server.on("request", (_request, response) => {
    response.on("close", () => {
      if (isClosing) setImmediate(() => server.closeIdleConnections());
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(toListenError(error, host, port)));
    server.listen(port, host, resolve);
  });
  // The cast holds: a server that listens on a TCP port has such an address.
  const address = server.address() as AddressInfo;
  return {
    url: `http://${toUrlHost(host)}:${address.port}`,
    close: async () => {
      isClosing = true;
      const grace = new AbortController();
      const cutOff = clock.sleep(GRACE_MS, grace.signal).then(
        () => server.closeAllConnections(),
        () => undefined, // all were answered in time
      );
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      grace.abort();
      await cutOff;
    },
  };
}

/** Of a request whose address no route can be looked for. */
function answerUnreadable(error: unknown): Response {
  const isUnreadable = error instanceof RequestError;
  const message = "The address of the request cannot be read: percent-encode what is not plain in it";
  const { status, body } = toErrorResponse(isUnreadable ? new CatalogError("bad_request", message) : error);
  return Response.json(body, { status });
}

/** `0.0.0.0` and `::` are addresses to listen on, not to go to. */
function toUrlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

function toListenError(error: Error & { readonly code?: string }, host: string, port: number): Error {
  if (error.code === "EADDRINUSE") {
    return new ConflictError(
      `Port ${port} on ${host} is in use by another program: stop that one, or set QUAYSIDE_PORT to another port (0 takes any free one)`,
      { cause: error },
    );
  }
  if (error.code === "EACCES") {
    return new ConfigurationError(`Not allowed to listen on port ${port}: set QUAYSIDE_PORT to one above 1023`, [], {
      cause: error,
    });
  }
  return new ConfigurationError(`Cannot listen on "${host}" (${toMessage(error)}): check QUAYSIDE_HOST`, [], {
    cause: error,
  });
}
