const hourMs = 3_600_000;
const offsets = new Map<string, Map<number, { readonly ms: number; readonly text: string }>>();

/** `2026-01-26T01:39:15.510+0800`: milliseconds, and an offset without a colon. */
export function toJiraDate(epochMs: number, timeZone: string): string {
  const { ms, text } = findOffset(epochMs, timeZone);
  return new Date(epochMs + ms).toISOString().slice(0, -1) + text;
}

/** Asking Intl for each date would cost more than the rest of an issue; offsets change on the hour at most. */
function findOffset(epochMs: number, timeZone: string): { readonly ms: number; readonly text: string } {
  let hours = offsets.get(timeZone);
  if (hours === undefined) offsets.set(timeZone, (hours = new Map()));
  const hour = Math.floor(epochMs / hourMs);
  let offset = hours.get(hour);
  if (offset === undefined) hours.set(hour, (offset = computeOffset(hour * hourMs, timeZone)));
  return offset;
}

function computeOffset(epochMs: number, timeZone: string): { readonly ms: number; readonly text: string } {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" }).formatToParts(epochMs);
  const name = parts.find((part) => part.type === "timeZoneName")?.value ?? "GMT";
  const [, sign = "+", hour = "00", minute = "00"] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  const ms = (Number(hour) * 60 + Number(minute)) * 60_000;
  return { ms: sign === "-" ? -ms : ms, text: `${sign}${hour}${minute}` };
}
