import type { Json } from "../model/json.ts";

/** Small documents that the product keeps about itself, by name. */
export interface SettingsStore {
  find(name: string): Promise<Json | undefined>;
  /** While `change` runs no other process runs one: what it has found stays until it has saved. */
  exclusively<Result>(change: () => Promise<Result>): Promise<Result>;
  save(name: string, value: Json): Promise<void>;
}
