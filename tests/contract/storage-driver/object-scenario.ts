import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { AccessKeyPair, StorageDriver } from "#app/ports/storage/driver.ts";
import type { Scenario } from "./scenario.ts";

/** Where objects are put, read and listed: a bucket of a tenant of its own, and the pair that signs. */
export interface Place {
  key: AccessKeyPair;
  bucket: string;
}

/** @param versioned with versioning enabled from the start */
export async function newPlace(
  scenario: Scenario,
  { versioned = false }: { versioned?: boolean } = {},
): Promise<{ at: Place; tenant: string; managementKey: AccessKeyPair }> {
  const { tenant, managementKey, bucket } = await scenario.newTenantWithBucket();
  if (versioned) await scenario.driver.setVersioning({ managementKey, bucket, versioning: "enabled" });
  return { at: { key: managementKey, bucket }, tenant, managementKey };
}

export async function putText(
  driver: StorageDriver,
  at: Place,
  object: string,
  content: string,
): Promise<string | null> {
  const { versionId } = await driver.putObject({
    ...at,
    object,
    body: Readable.from([Buffer.from(content)]),
    contentType: "text/plain; charset=utf-8",
  });
  return versionId;
}

export async function contentOf(
  driver: StorageDriver,
  at: Place,
  object: string,
  versionId: string | null = null,
): Promise<string> {
  return text((await driver.getObject({ ...at, object, versionId })).body);
}

/** A stream of so many bytes, in chunks as they come from a network. */
export function bytes(count: number, fill = 7): Readable {
  return Readable.from(
    (function* () {
      const chunk = Buffer.alloc(65_536, fill);
      for (let left = count; left > 0; left -= chunk.length) yield chunk.subarray(0, left);
    })(),
  );
}

/** In the order of their UTF-8 bytes, which is S3's. */
export function inKeyOrder(keys: Iterable<string>): string[] {
  return [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** Names that S3 allows and that something on the way could take for something else. */
export const STRANGE_KEYS = [
  "plain.txt",
  "/leading",
  "//two",
  "a//b",
  "a/",
  "/",
  ".",
  "..",
  "./a",
  "../../a",
  "a/../b",
  "a/./b",
  "a/..",
  "%2e%2e/a",
  "50%",
  "100%25",
  "1+1=2",
  "with space",
  " leading and trailing ",
  "line\nfeed",
  "carriage\rreturn",
  "both\r\n",
  "\ttab",
  "\u0001control\u001f",
  "\u007f\u0085\u2028",
  "\ufffd\ufffe\uffff",
  "a?b&c=d#e",
  "a;b,c:d@e$f!g'h(i)j*k~l",
  'q"u<o>t&amp;e',
  "back\\slash",
  "ação/açúcar.txt",
  "ac\u0327a\u0303o",
  "日本語/😀",
  "\u202egnp.exe",
  "<script>alert(1)</script>.html",
  "x".repeat(1_024),
  `${"é".repeat(511)}/z`,
  "?versionId=1",
  "?uploads",
];
