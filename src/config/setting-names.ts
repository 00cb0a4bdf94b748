import { closest } from "../runtime/closest.ts";
import { listOptions } from "./options.ts";
import { findOtherSetting, OTHER_SETTINGS } from "./other-settings.ts";

/*
 * A setting goes by the name of its variable, whatever form it is given in. `__` in the name is a step into a map, so
 * that OCEAN__PORT__CLIENT_ID is also `client_id` in the JSON of OCEAN__PORT, and `port.clientId` in a file.
 */

/** Sections of a file whose settings are not called OCEAN__. */
const SECTIONS: ReadonlyMap<string, string> = new Map([
  ["quayside", "QUAYSIDE_"],
  ["application", "APPLICATION__"],
]);

const OPTION_NAMES = listOptions().flatMap(([, { env, alias }]) => (alias ? [env, alias.env] : [env]));

const MAPS: ReadonlySet<string> = new Set(
  [...OPTION_NAMES, ...OTHER_SETTINGS.flatMap(({ names }) => names)].flatMap((name) => {
    const steps = name.split("__");
    return steps.slice(2).map((_, index) => steps.slice(0, index + 2).join("__"));
  }),
);

/** All names that somebody may have meant. */
const NAMES: readonly string[] = [
  ...OPTION_NAMES,
  ...OTHER_SETTINGS.flatMap(({ names }) => names).filter((name) => !name.endsWith("*")),
  ...MAPS,
];

/** Names of settings as they start; those of other programs are options by a second name, or not looked at here. */
const OURS = /^(OCEAN__|APPLICATION__|QUAYSIDE_)/;

/**
 * The setting that a variable sets, or undefined if it is none. Case does not matter, as in the reference; what other
 * programs read too has to be exact.
 */
export function toSettingName(variable: string): string | undefined {
  const name = variable.toUpperCase();
  return OURS.test(name) || OPTION_NAMES.includes(variable) ? name : undefined;
}

export function isOptionName(name: string): boolean {
  return OPTION_NAMES.includes(name);
}

/** True if a name means something, here or in the reference. */
export function isKnownName(name: string): boolean {
  return isOptionName(name) || isMapName(name) || isSectionName(name) || findOtherSetting(name) !== undefined;
}

/** True if a setting holds others: OCEAN__PORT holds OCEAN__PORT__CLIENT_ID. */
export function isMapName(name: string): boolean {
  return MAPS.has(name);
}

/** The setting that a key stands for, inside the map called `parent`, or at the top of a file. Camel and snake case. */
export function toChildName(parent: string | undefined, key: string): string {
  const word = key.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
  return parent === undefined
    ? (SECTIONS.get(key) ?? `OCEAN__${word}`)
    : `${parent}${parent.endsWith("_") ? "" : "__"}${word}`;
}

/** True for the maps at the top of a file that only exist there. */
export function isSectionName(name: string): boolean {
  return [...SECTIONS.values()].includes(name);
}

/** Where a setting stands in a file, e.g. `integration.config.jiraHost`. */
export function toFilePath(name: string): string {
  const keys = name
    .replace(/^OCEAN__/, "")
    .replace(/^QUAYSIDE_/, "QUAYSIDE__")
    .split("__");
  return keys
    .map((key) => key.toLowerCase().replaceAll(/_([a-z0-9])/g, (_, next: string) => next.toUpperCase()))
    .join(".");
}

/** The setting that was probably meant: a misspelt word, the right word in a wrong place, or a misspelt place. */
export function findLikelyName(name: string): string | undefined {
  const { place, word } = split(name);
  const near = closest(
    word,
    NAMES.map(split).flatMap((known) => (known.place === place ? [known.word] : [])),
  );
  if (near !== undefined) return `${place}${near}`;
  const sameWord = NAMES.filter((known) => split(known).word === word);
  if (sameWord.length === 1) return sameWord[0];
  // Without the part that all share, or a long name would be near to everything.
  const toRest = (known: string): string => known.replace(OURS, "");
  const likely = closest(toRest(name), NAMES.map(toRest));
  return NAMES.find((known) => toRest(known) === likely);
}

function split(name: string): { readonly place: string; readonly word: string } {
  const place = /^(.*__|QUAYSIDE_)/.exec(name)?.[0] ?? "";
  return { place, word: name.slice(place.length) };
}
