import { expect, test } from "vitest";
import { toClientOptions, toConnectionError, toShownUrl } from "./connection-string.ts";

const toOptions = (url: string): URLSearchParams => new URL(toClientOptions(url).connectionString ?? "").searchParams;

test("sessions are told how to work, beside what the URL tells them", () => {
  const options = toOptions("postgres://me:secret@host/db?options=-c%20work_mem%3D64MB").get("options");
  expect(options).toMatch(/-c search_path=quayside .*-c work_mem=64MB$/);
  for (const setting of ["idle_session_timeout=0", "standard_conforming_strings=on"])
    expect(options).toContain(setting);
});

test("sslmode means what it means to psql", () => {
  const search = toOptions("postgres://host/db?sslmode=require");
  expect([search.get("sslmode"), search.get("uselibpqcompat")]).toEqual(["require", "true"]);
  expect(toOptions("postgres://host/db").has("uselibpqcompat")).toBe(false);
});

test.each([
  ["postgres://me:secret@host:1234/db?sslmode=require", "host:1234/db"],
  ["postgresql:///db?host=/var/run/postgresql&user=me&password=secret", "/var/run/postgresql/db"],
  ["postgres:///db", "localhost/db"],
])("%s is shown as the place alone", (url, shown) => expect(toShownUrl(url)).toBe(shown));

test.each([
  [{ code: "28P01", message: "password authentication failed" }, "check user and password"],
  [{ code: "3D000", message: "no such database" }, "createdb"],
  [{ code: "ECONNREFUSED", message: "" }, "(ECONNREFUSED): check host and port"],
  [{ message: "timeout expired" }, "(timeout expired): check QUAYSIDE_DATABASE_URL"],
])("an error tells what to do, and no password: %o", (error, words) => {
  const thrown = Object.assign(new Error(error.message), error);
  const { message, code } = toConnectionError("postgres://me:secret@host/db", thrown);
  expect(code).toBe("configuration_invalid");
  expect(message).toContain(words);
  expect(message).not.toContain("secret");
});
