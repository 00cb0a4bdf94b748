import type { Json } from "../model/json.ts";

/** Small documents that the product keeps about itself, by name. */
export interface SettingsStore {
  find(name: string): Promise<Json | undefined>;
  save(name: string, value: Json): Promise<void>;
}
