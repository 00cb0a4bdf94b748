import { isJsonObject, type Json } from "../model/json.ts";

const MAX_TEXT_LENGTH = 300;

/**
 * What an error answer says, in one line. Jira has four shapes: its error collection (`errorMessages`, `errors`),
 * problem+json (`title`, `detail`), the API gateway's (`error`, `message`), and a page of HTML or plain text.
 */
export function readErrorBody(body: Buffer): string {
  const text = body.toString("utf8");
  const json = parse(text);
  const parts = isJsonObject(json) ? readObject(json) : [readText(text)];
  return parts
    .filter((part) => part !== "")
    .join("; ")
    .slice(0, MAX_TEXT_LENGTH);
}

function readObject(json: Record<string, Json>): string[] {
  const { errorMessages, errors, title, detail, error, message, error_description: description } = json;
  const collection = [
    ...(Array.isArray(errorMessages) ? errorMessages.map(toText) : []),
    ...(isJsonObject(errors) ? Object.entries(errors).map(([field, reason]) => `${field}: ${toText(reason)}`) : []),
  ];
  if (collection.length > 0) return collection;
  return [description ?? message ?? detail ?? title ?? error ?? ""].map(toText);
}

function toText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The words of a page: its title where it has one, otherwise the text without tags. */
function readText(text: string): string {
  const title = /<title[^>]*>([^<]*)/i.exec(text)?.[1];
  return (title ?? text.replaceAll(/<[^>]*>/g, " ")).replaceAll(/\s+/g, " ").trim();
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json; // JSON.parse gives JSON
  } catch {
    return undefined;
  }
}
