import { readConfig, type Config, type Environment } from "../config/config.ts";
import { sayLine, type Terminal } from "./terminal.ts";

/** The settings. What is odd about them goes to standard error. */
export function loadConfig(env: Environment, terminal: Terminal): Config {
  const { config, warnings } = readConfig(env);
  for (const warning of warnings) sayLine(terminal.err, `warning: ${warning}`);
  return config;
}
