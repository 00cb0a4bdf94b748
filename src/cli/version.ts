import { readFileSync } from "node:fs";

/** The version in package.json, which lies beside `src` and beside `dist`. */
export function version(): string {
  const file = new URL("../../package.json", import.meta.url);
  const { version: text } = JSON.parse(readFileSync(file, "utf8")) as { version: string }; // npm refuses a package without one
  return text;
}
