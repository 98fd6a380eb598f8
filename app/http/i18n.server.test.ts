import { RouterContextProvider } from "react-router";
import { expect, test } from "vitest";
import { i18nMiddleware, localeCookie, localeOf, translator } from "./i18n.server.ts";

/** The words and the language of a request with these headers, as a loader gets them. */
async function greet(headers: Record<string, string>) {
  const context = new RouterContextProvider();
  const request = new Request("http://localhost/?lng=en", { headers });
  const args = { request, context, params: {}, unstable_pattern: "/" } as unknown;
  await i18nMiddleware(args as Parameters<typeof i18nMiddleware>[0], async () => new Response());
  return [localeOf(context), translator(context)("common.signIn")];
}

test("the cookie comes before what the browser asks for", async () => {
  const cookie = (await localeCookie.serialize("en")).split(";")[0] ?? "";
  expect(await greet({ Cookie: cookie, "Accept-Language": "pt-BR" })).toEqual(["en", "Sign in"]);
});

test("the browser's languages come next, Portuguese last; the address has no say", async () => {
  expect(await greet({ "Accept-Language": "en-GB" })).toEqual(["en", "Sign in"]);
  expect(await greet({ "Accept-Language": "ja" })).toEqual(["pt-BR", "Entrar"]);
  expect(await greet({})).toEqual(["pt-BR", "Entrar"]);
});

test("a cookie that says nonsense is passed over", async () => {
  for (const value of ["klingon", "../../etc", ""]) {
    const cookie = (await localeCookie.serialize(value)).split(";")[0] ?? "";
    expect(await greet({ Cookie: cookie, "Accept-Language": "en" })).toEqual(["en", "Sign in"]);
  }
  expect(await greet({ Cookie: "lng=%00%ff", "Accept-Language": "en" })).toEqual(["en", "Sign in"]);
});

test("a request that no middleware has seen gets Portuguese", () => {
  const context = new RouterContextProvider();
  expect([localeOf(context), translator(context)("common.signIn")]).toEqual(["pt-BR", "Entrar"]);
});
