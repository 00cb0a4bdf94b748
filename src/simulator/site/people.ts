import { createRandom, toHex, toUuid } from "../random.ts";
import { familyNames, givenNames, locales, zones } from "./vocabulary.ts";

export interface SiteUser {
  /** Place in the site's list of people; 0 is the caller. */
  readonly index: number;
  readonly accountId: string;
  readonly accountType: "atlassian" | "app" | "customer";
  displayName: string;
  readonly emailAddress: string;
  /** Most people hide their address: the key is then absent from what Jira answers. */
  readonly isEmailVisible: boolean;
  isActive: boolean;
  /** Gone from every list, though issues still name them. */
  isRemoved: boolean;
  /** Apps have none. */
  readonly timeZone: string | undefined;
  readonly locale: string;
  readonly avatarId: string;
}

/** The login on Data Center. */
export function toUserName(user: SiteUser): string {
  return user.emailAddress.replace("@example.com", "");
}

export function toUserKey(user: SiteUser): string {
  return `JIRAUSER${10100 + user.index}`;
}

const about = { name: 101, kind: 102, email: 103, zone: 104, account: 105, avatar: 106, locale: 107 } as const;

/** User 0 is the one whose credentials the simulator hands out. */
export function generatePeople(seed: number, count: number, callerZone: string): SiteUser[] {
  return Array.from({ length: Math.max(1, count) }, (_, index) => generateUser(seed, index, callerZone));
}

export function generateUser(seed: number, index: number, callerZone: string): SiteUser {
  const random = createRandom(seed);
  const isApp = index % 8 === 7;
  const given = givenNames[index % givenNames.length] ?? "";
  const family = familyNames[random(index, about.name) % familyNames.length] ?? "";
  const accountType = isApp ? "app" : index > 0 && index % 13 === 0 ? "customer" : "atlassian";
  return {
    index,
    accountId: toAccountId(seed, index, accountType),
    accountType,
    displayName: isApp ? `${given} Automation` : `${given} ${family}`,
    emailAddress: index === 0 ? "caller@example.com" : `user${index}@example.com`,
    isEmailVisible: index === 0 || random(index, about.email) % 11 === 0,
    isActive: index === 0 || random(index, about.kind) % 5 !== 0,
    isRemoved: false,
    timeZone: index === 0 ? callerZone : isApp ? undefined : zones[random(index, about.zone) % zones.length],
    locale: locales[random(index, about.locale) % locales.length] ?? "en_US",
    avatarId: toUuid(random, index, about.avatar),
  };
}

/** The three forms that real sites mix: bare hexadecimal, and with a numeric realm before a colon. */
function toAccountId(seed: number, index: number, accountType: SiteUser["accountType"]): string {
  const random = createRandom(seed);
  if (accountType === "customer") return `qm:${toUuid(random, index, 108)}:${toUuid(random, index, 109)}`;
  const form = random(index, about.account) % 6;
  if (form === 0) return `712020:${toUuid(random, index, 108)}`;
  if (form === 1) return `557058:${toUuid(random, index, 108)}`;
  return `5${toHex(random, index, 108, 23)}`;
}
