import type { Json } from "../model/json.ts";
import type { RemoteNotes } from "./remote-state.ts";

/** Notes that last as long as the test, written as text as a store would. */
export function createNotes(): RemoteNotes {
  const documents = new Map<string, string>();
  return {
    find: async (name) => {
      const text = documents.get(name);
      return text === undefined ? undefined : (JSON.parse(text) as Json);
    },
    save: async (name, value) => void documents.set(name, JSON.stringify(value)),
  };
}
