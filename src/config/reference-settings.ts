import { listOptions } from "./options.ts";
import { OTHER_SETTINGS } from "./other-settings.ts";

/** A setting of the reference (Port's container) and what becomes of it. */
export interface ReferenceSetting {
  readonly name: string;
  readonly standing: "honoured" | "honoured, with a difference" | "no effect" | "refused";
  readonly note: string;
}

/** All of them by name: the options of Quayside that have their name from there, and the rest. */
export function listReferenceSettings(): readonly ReferenceSetting[] {
  const options = listOptions().flatMap(([, { env, difference, alias }]) => [
    ...(env.startsWith("QUAYSIDE_") ? [] : [toHonoured(env, difference)]),
    ...(alias ? [toHonoured(alias.env, alias.difference)] : []),
  ]);
  const others = OTHER_SETTINGS.flatMap(({ names, standing, reason, harmless }) =>
    names.map((name): ReferenceSetting => {
      const note = `${reason.charAt(0).toUpperCase()}${reason.slice(1)}`;
      const silent = harmless?.map((value) => `\`${value}\``).join(" and ");
      return { name, standing, note: silent === undefined ? note : `${note}. Accepted in silence: ${silent}` };
    }),
  );
  return [...options, ...others].toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

function toHonoured(name: string, difference = ""): ReferenceSetting {
  return { name, standing: difference === "" ? "honoured" : "honoured, with a difference", note: difference };
}
