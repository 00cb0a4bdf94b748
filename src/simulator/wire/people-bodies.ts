import { toUserKey, toUserName, type SiteUser } from "../site/people.ts";
import type { Wire } from "./wire.ts";

type Body = Record<string, unknown>;

/** A user as it stands inside issues and wherever else somebody is named. */
export function toUserBody(wire: Wire, user: SiteUser): Body {
  return wire.isServer ? toServerUser(wire, user) : toCloudUser(wire, user);
}

/** A user as the user resources answer it: with the locale. */
export function toUserDetails(wire: Wire, user: SiteUser): Body {
  return { ...toUserBody(wire, user), locale: user.locale };
}

function toCloudUser(wire: Wire, user: SiteUser): Body {
  return {
    self: wire.api(`/user?accountId=${encodeURIComponent(user.accountId)}`),
    accountId: user.accountId,
    ...(user.isEmailVisible ? { emailAddress: user.emailAddress } : {}),
    avatarUrls: toAvatarUrls(user),
    displayName: user.displayName,
    active: user.isActive,
    ...(user.timeZone === undefined ? {} : { timeZone: user.timeZone }),
    accountType: user.accountType,
  };
}

function toServerUser(wire: Wire, user: SiteUser): Body {
  return {
    self: wire.api(`/user?username=${toUserName(user)}`),
    name: toUserName(user),
    key: toUserKey(user),
    emailAddress: user.emailAddress,
    avatarUrls: toAvatarUrls(user),
    displayName: user.displayName,
    active: user.isActive,
    timeZone: user.timeZone ?? wire.site.options.timeZone,
  };
}

/** Every other user never uploaded a picture and has the longer address of their initials. */
function toAvatarUrls(user: SiteUser): Record<string, string> {
  const host = "avatar-management--avatars.us-west-2.prod.public.atl-paas.net";
  const initials = `https%3A%2F%2F${host}%2Finitials%2FQS-${user.index % 7}.png`;
  const gravatar = user.avatarId.replaceAll("-", "").slice(0, 32);
  const url = (size: number): string =>
    user.index % 2 === 0
      ? `https://${host}/${user.accountId}/${user.avatarId}/${size}`
      : `https://secure.gravatar.com/avatar/${gravatar}?d=${initials}`;
  return { "48x48": url(48), "24x24": url(24), "16x16": url(16), "32x32": url(32) };
}
