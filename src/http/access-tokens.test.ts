import { decodeJwt, SignJWT } from "jose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CLIENT, expectPortError, openTestApp, START, type TestApp } from "./test-app.fixture.ts";

let api: TestApp;
beforeEach(async () => {
  api = await openTestApp();
});
afterEach(() => api.close());

const HOUR_MS = 60 * 60 * 1000;

interface SignedIn {
  readonly ok: boolean;
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly tokenType: string;
}

async function signIn(): Promise<SignedIn> {
  const response = await api.app.request("/v1/auth/access_token", { method: "POST", body: JSON.stringify(CLIENT) });
  return (await response.json()) as SignedIn;
}

const readWith = (authorization: string): Promise<Response> =>
  api.send("GET", "/v1/blueprints", undefined, { authorization });

test("a token is a JWT that clients can decode, for a machine, with a life of three hours", async () => {
  const { accessToken, ...rest } = await signIn();
  expect(rest).toEqual({ ok: true, expiresIn: 10_800, tokenType: "Bearer" });
  expect(decodeJwt(accessToken)).toEqual({
    iss: "quayside",
    sub: CLIENT.clientId,
    isMachine: true,
    orgId: expect.stringMatching(/^org_[0-9a-f]{16}$/),
    iat: START / 1000,
    exp: START / 1000 + 10_800,
  });
});

test("asking again gives the same token with the time it has left, until its last minute", async () => {
  const first = await signIn();
  api.advance(2 * HOUR_MS);
  expect(await signIn()).toEqual({ ...first, expiresIn: 3600 });
  api.advance(HOUR_MS - 30_000);
  const next = await signIn();
  expect(next.accessToken).not.toBe(first.accessToken);
  expect(next.expiresIn).toBe(10_800);
});

test("a token is good until it expires, and then answered 401", async () => {
  api.advance(3 * HOUR_MS - 1000);
  expect((await readWith(`Bearer ${api.token}`)).status).toBe(200);
  api.advance(1000);
  expect(await expectPortError(await readWith(`Bearer ${api.token}`), 401, "unauthorized")).toMatch(/has expired/);
});

test("wrong credentials are answered 401 and say nothing about which part is wrong", async () => {
  const ask = (body: object): Promise<Response> =>
    Promise.resolve(api.app.request("/v1/auth/access_token", { method: "POST", body: JSON.stringify(body) }));
  const wrongId = await expectPortError(await ask({ ...CLIENT, clientId: "x" }), 401, "unauthorized");
  const wrongSecret = await expectPortError(await ask({ ...CLIENT, clientSecret: "x" }), 401, "unauthorized");
  expect(wrongId).toBe(wrongSecret);
  await expectPortError(await ask({ clientId: CLIENT.clientId }), 422, "invalid_request");
});

test("a missing, foreign, altered or unsigned token is answered 401 on every route under /v1", async () => {
  const foreign = await new SignJWT({})
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(CLIENT.clientId)
    .setExpirationTime(START / 1000 + 60)
    .sign(new TextEncoder().encode("another secret of a good length"));
  const [, claims = ""] = api.token.split(".");
  const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${claims}.`;
  const bad = ["", "Bearer", `Basic ${api.token}`, `Bearer ${foreign}`, `Bearer ${api.token}x`, `Bearer ${unsigned}`];
  for (const authorization of bad) await expectPortError(await readWith(authorization), 401, "unauthorized");
  const response = await api.send("GET", "/v1/nothing", undefined, { authorization: "" });
  await expectPortError(response, 401, "unauthorized");
});

test("health, the API page and the front page need no token", async () => {
  for (const path of ["/", "/docs", "/openapi.json", "/health", "/health/live", "/health/ready"]) {
    expect((await api.app.request(path)).status).toBe(200);
  }
});
