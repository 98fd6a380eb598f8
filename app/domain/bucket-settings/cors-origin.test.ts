import { expect, test } from "vitest";
import { normalizeOrigin } from "./cors-origin.ts";

test.each([
  ["*", "*"],
  ["null", "null"],
  ["https://app.example.com", "https://app.example.com"],
  ["https://app.example.com/", "https://app.example.com"],
  ["HTTPS://App.Example.com", "https://app.example.com"],
  ["https://app.example.com:443", "https://app.example.com"],
  ["https://app.example.com:8443", "https://app.example.com:8443"],
  ["http://localhost:5173", "http://localhost:5173"],
  ["http://localhost:*", "http://localhost:*"],
  ["https://*.example.com", "https://*.example.com"],
  ["*.example.com", "*.example.com"],
  ["https://pão.example", "https://xn--po-sia.example"],
  ["https://*.pão.example", "https://*.xn--po-sia.example"],
  ["http*://example.com", "http*://example.com"],
  ["capacitor://localhost", "capacitor://localhost"],
  ["http://[::1]:3000", "http://[::1]:3000"],
])("%j is sent as %j", (text, origin) => {
  expect(normalizeOrigin(text)).toBe(origin);
});

test.each([
  "example.com",
  "https://example.com/path",
  "https://example.com?x",
  "https://*.*.example.com",
  "https://a b.example",
  "https://user@example.com",
  "https://",
  "//example.com",
  "https://example.com:99999",
  "https://<script>",
])("%j can never come from a browser", (text) => {
  expect(normalizeOrigin(text)).toBeNull();
});

test("what is far too long is none", () => {
  expect(normalizeOrigin(`https://${"a".repeat(2_000)}`)).toBeNull();
});
