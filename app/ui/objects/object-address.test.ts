import { expect, test } from "vitest";
import {
  decodeKey,
  displayKey,
  encodeKey,
  objectActHref,
  objectHref,
  objectsHref,
  uploadHref,
} from "./object-address.ts";

const params = { account: "acme", bucket: "b1" };

const strangeKeys = [
  "/leading/slash",
  "a//b",
  "../../etc/passwd",
  ".",
  "line\nbreak\r\nand tab\t",
  "100% & a+b ?x=1#y",
  "ação/日本語/🗂️.txt",
  "\u0001\u001f\u007f",
  "\ufffd",
  "<script>alert(1)</script>.html",
  `"'\`\\`,
  "x".repeat(1024),
];

test.each(strangeKeys)("comes back as it was from an address and from a form: %j", (key) => {
  for (const address of [objectHref(params, { key }), objectActHref(params, "download", { key })])
    expect(new URL(address, "http://own.invalid").searchParams.get("key")).toBe(key);
  const list = new URL(objectsHref(params, { prefix: key }), "http://own.invalid");
  expect(list.pathname).toBe("/accounts/acme/buckets/b1/objects");
  expect(list.searchParams.get("prefix")).toBe(key);
  expect(encodeKey(key)).not.toMatch(/[\r\n]/);
  expect(decodeKey(encodeKey(key))).toBe(key);
});

test("what is empty is not in the address", () => {
  expect(objectsHref(params)).toBe("/accounts/acme/buckets/b1/objects");
  expect(objectsHref(params, { prefix: "", after: null, view: "current" })).toBe(objectsHref(params));
  expect(objectsHref(params, { view: "versions", after: "t" })).toBe(
    `${objectsHref(params)}?view=versions&after=t`,
  );
  expect(objectHref(params, { key: "k", versionId: null })).toBe("/accounts/acme/buckets/b1/object?key=k");
  expect(uploadHref(params, { prefix: "a/" })).toBe("/accounts/acme/buckets/b1/upload?prefix=a%2F");
});

test("text that no key was made of is none", () => {
  expect(decodeKey("%")).toBeNull();
  expect(decodeKey("%ff")).toBeNull();
});

test.each([
  ["plain/ação 1.txt", "plain/ação 1.txt"],
  ["a\nb\tc\u0000\u007f", "a[U+000A]b[U+0009]c[U+0000][U+007F]"],
  ["invoice\u202Egpj.exe", "invoice[U+202E]gpj.exe"],
  [" a b  ", "␣a b␣␣"],
  [" ", "␣"],
  ["\u200b\ufeff\u00a0", "[U+200B][U+FEFF][U+00A0]"],
  ["👨‍👩‍👧 می‌خواهم ❤️", "👨‍👩‍👧 می‌خواهم ❤️"],
  ["\u{e0041}", "[U+E0041]"],
])("what cannot be seen is made visible: %j", (key, shown) => {
  expect(displayKey(key)).toBe(shown);
});
