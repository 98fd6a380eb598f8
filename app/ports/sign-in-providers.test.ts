import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { EnvironmentError } from "./environment.ts";
import { parseSignInProviders } from "./sign-in-providers.ts";

const google = {
  SIGN_IN_PROVIDERS: "google",
  SIGN_IN_GOOGLE_NAME: "Google",
  SIGN_IN_GOOGLE_ISSUER: "https://accounts.google.com",
  SIGN_IN_GOOGLE_CLIENT_ID: "123.apps.example",
  SIGN_IN_GOOGLE_CLIENT_SECRET: "never-to-be-printed",
};
const hub = {
  SIGN_IN_PROVIDERS: "code-hub",
  SIGN_IN_CODE_HUB_NAME: "Code Hub",
  SIGN_IN_CODE_HUB_AUTHORIZATION_ENDPOINT: "https://hub.example/login/oauth/authorize",
  SIGN_IN_CODE_HUB_TOKEN_ENDPOINT: "https://hub.example/login/oauth/token",
  SIGN_IN_CODE_HUB_USERINFO_ENDPOINT: "https://api.hub.example/user",
  SIGN_IN_CODE_HUB_CLIENT_ID: "console",
};

test("none, unless they are named", () => {
  expect(parseSignInProviders({})).toEqual([]);
  expect(parseSignInProviders({ ...google, SIGN_IN_PROVIDERS: "" })).toEqual([]);
});

test("an OpenID Connect provider needs its issuer, and always the scope openid", () => {
  expect(
    parseSignInProviders({
      ...google,
      SIGN_IN_GOOGLE_SCOPES: "email",
      SIGN_IN_GOOGLE_TRUSTED_DOMAINS: "Example.com, example.org",
      SIGN_IN_GOOGLE_ORIGINS: "https://login.example.com",
    }),
  ).toEqual([
    {
      id: "google",
      kind: "oidc",
      name: "Google",
      clientId: "123.apps.example",
      clientSecret: "never-to-be-printed",
      issuer: "https://accounts.google.com",
      origins: ["https://accounts.google.com", "https://login.example.com"],
      scopes: ["openid", "email"],
      trustedDomains: ["example.com", "example.org"],
    },
  ]);
});

test("a plain OAuth 2.0 one needs its three endpoints; who it names is known by the one that says who it is", () => {
  expect(parseSignInProviders(hub)).toEqual([
    {
      id: "code-hub",
      kind: "oauth2",
      name: "Code Hub",
      clientId: "console",
      clientSecret: null,
      issuer: "https://api.hub.example/user",
      origins: ["https://hub.example"],
      scopes: [],
      trustedDomains: [],
      authorizationEndpoint: "https://hub.example/login/oauth/authorize",
      tokenEndpoint: "https://hub.example/login/oauth/token",
      userinfoEndpoint: "https://api.hub.example/user",
      claims: { subject: null, email: "email", emailVerified: null, name: "name" },
    },
  ]);
});

test.each<[string, Record<string, string | undefined>, string]>([
  ["an id that no address can hold", { ...google, SIGN_IN_PROVIDERS: "Google/Corp" }, "SIGN_IN_PROVIDERS"],
  ["an id twice", { ...google, SIGN_IN_PROVIDERS: "google,google" }, "SIGN_IN_PROVIDERS"],
  ["no name", { ...google, SIGN_IN_GOOGLE_NAME: "" }, "SIGN_IN_GOOGLE_NAME"],
  ["no client id", { ...google, SIGN_IN_GOOGLE_CLIENT_ID: undefined }, "SIGN_IN_GOOGLE_CLIENT_ID"],
  ["no issuer and no endpoint", { ...google, SIGN_IN_GOOGLE_ISSUER: "" }, "SIGN_IN_GOOGLE_ISSUER"],
  [
    "plain http",
    { ...google, SIGN_IN_GOOGLE_ISSUER: "http://accounts.example.com" },
    "SIGN_IN_GOOGLE_ISSUER",
  ],
  [
    "a host that begins as loopback",
    { ...google, SIGN_IN_GOOGLE_ISSUER: "http://127.0.0.1.evil.test" },
    "_ISSUER",
  ],
  ["an issuer that is none", { ...google, SIGN_IN_GOOGLE_ISSUER: "accounts" }, "SIGN_IN_GOOGLE_ISSUER"],
  [
    "a trusted domain that is none",
    { ...google, SIGN_IN_GOOGLE_TRUSTED_DOMAINS: "*.com" },
    "_TRUSTED_DOMAINS",
  ],
  ["an origin with a path", { ...google, SIGN_IN_GOOGLE_ORIGINS: "https://a.example/x" }, "_ORIGINS"],
  [
    "an origin for the CSP to trip over",
    { ...google, SIGN_IN_GOOGLE_ORIGINS: "https://a.example; script-src" },
    "_ORIGINS",
  ],
  [
    "an issuer beside endpoints",
    { ...hub, SIGN_IN_CODE_HUB_ISSUER: "https://hub.example" },
    "_AUTHORIZATION_ENDPOINT",
  ],
  [
    "two of three endpoints",
    { ...hub, SIGN_IN_CODE_HUB_TOKEN_ENDPOINT: "" },
    "SIGN_IN_CODE_HUB_TOKEN_ENDPOINT",
  ],
  [
    "one issuer under two ids",
    {
      ...google,
      SIGN_IN_PROVIDERS: "google,corp",
      SIGN_IN_CORP_NAME: "Corp",
      SIGN_IN_CORP_ISSUER: "https://accounts.google.com",
      SIGN_IN_CORP_CLIENT_ID: "x",
    },
    "one issuer twice",
  ],
])("%s stops the start with the variable's name, and without a secret", (_, variables, named) => {
  expect.assertions(3);
  try {
    parseSignInProviders(variables);
  } catch (error) {
    expect(error).toBeInstanceOf(EnvironmentError);
    expect((error as Error).message).toContain(named);
    expect((error as Error).message).not.toContain("never-to-be-printed");
  }
});

test("plain http is for a provider on this machine", () => {
  for (const issuer of ["http://localhost:8080/realms/x", "http://127.0.0.1:9000", "http://[::1]:9000"])
    expect(parseSignInProviders({ ...google, SIGN_IN_GOOGLE_ISSUER: issuer })).toMatchObject([{ issuer }]);
});

test(".env.example documents every variable, and they are read as it says", () => {
  const lines = readFileSync(".env.example", "utf8").matchAll(/^# (SIGN_IN_[A-Z0-9_]+)=(.*)$/gm);
  const example = Object.fromEntries([...lines].map(([, name = "", value = ""]) => [name, value || "x"]));
  expect(parseSignInProviders(example)).toEqual([
    {
      id: "corp",
      kind: "oidc",
      name: "Corp",
      clientId: "x",
      clientSecret: "x",
      issuer: "https://login.corp.example",
      origins: ["https://login.corp.example", "https://sso.corp.example"],
      scopes: ["openid", "email", "profile"],
      trustedDomains: ["corp.example"],
    },
    {
      id: "code-hub",
      kind: "oauth2",
      name: "Code Hub",
      clientId: "x",
      clientSecret: "x",
      issuer: "https://api.hub.example/user",
      origins: ["https://hub.example"],
      scopes: ["read:user", "user:email"],
      trustedDomains: [],
      authorizationEndpoint: "https://hub.example/login/oauth/authorize",
      tokenEndpoint: "https://hub.example/login/oauth/access_token",
      userinfoEndpoint: "https://api.hub.example/user",
      claims: { subject: "id", email: "email", emailVerified: "x", name: "name" },
    },
  ]);
});
