import { pino, type Logger as PinoLogger } from "pino";

/** What the product asks of a logger: structured fields first, then a sentence. Give a child to each component. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Logger;
}

const LEVELS = { DEBUG: "debug", INFO: "info", WARNING: "warn", ERROR: "error", CRITICAL: "fatal" } as const;

/** JSON lines on standard error. Values under names that sound like secrets are replaced. */
export function createLogger(level: keyof typeof LEVELS): Logger {
  const secrets = ["authorization", "token", "password", "clientSecret", "accessToken", "tokenSecret"];
  const logger: PinoLogger = pino(
    {
      level: LEVELS[level],
      base: null,
      redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: "[redacted]" },
    },
    pino.destination({ dest: 2, sync: true }),
  );
  return logger;
}

export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};
