import { readFileSync } from "node:fs";
import { getCACertificates } from "node:tls";
import { Agent, EnvHttpProxyAgent, type Dispatcher } from "undici";
import { ConfigurationError } from "../runtime/errors.ts";
import type { Logger } from "../runtime/logger.ts";
import type { NetworkSettings } from "./jira-settings.ts";

const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 30_000;

/** Connection pools, one per origin, through a proxy where one is set. */
export function createDispatcher(network: NetworkSettings, connections: number, logger: Logger): Dispatcher {
  if (network.acceptAnyCertificate === true) {
    logger.warn({}, "certificates are not checked: whoever stands between here and Jira can read the token");
  }
  const tls = {
    ...(network.extraCaFile !== undefined && { ca: readAuthorities(network.extraCaFile) }),
    ...(network.acceptAnyCertificate === true && { rejectUnauthorized: false }),
  };
  const options = {
    connections,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connect: { timeout: CONNECT_TIMEOUT_MS, ...tls },
  };
  const { httpProxy = "", httpsProxy = "", noProxy = "" } = network;
  if (httpProxy === "" && httpsProxy === "") return new Agent(options);
  return new EnvHttpProxyAgent({ ...options, requestTls: tls, httpProxy, httpsProxy, noProxy });
}

function readAuthorities(file: string): string[] {
  try {
    return [...getCACertificates("default"), readFileSync(file, "utf8")];
  } catch (cause) {
    throw new ConfigurationError(`Cannot read certificates from "${file}": check QUAYSIDE_EXTRA_CA_FILE`, [], {
      cause,
    });
  }
}
