import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { toConfigurationPage } from "../src/config/configuration-page.ts";

/** Writes the pages of docs/ that derive from tables in the code. */
const docs = resolve(import.meta.dirname, "..", "docs");
writeFileSync(join(docs, "configuration.md"), toConfigurationPage());
