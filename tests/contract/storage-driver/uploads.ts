import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { bytes, contentOf, newPlace, type Place, putText, STRANGE_KEYS } from "./object-scenario.ts";
import { type Scenario, UNLIMITED } from "./scenario.ts";

const MIB = 1_048_576;
const PART = 5 * MIB;

export function describeUploads(scenario: Scenario): void {
  describe("uploads", () => {
    test("of streams are stored whole, in one part or in several", async () => {
      const { driver } = scenario;
      const { at } = await newPlace(scenario);
      for (const size of [0, 1, 8 * MIB, 8 * MIB + 1, 33 * MIB + 5]) {
        const stored = await driver.putObject({ ...at, object: "o", body: bytes(size), contentType: "a/b" });
        expect(stored).toEqual({ sizeBytes: BigInt(size), versionId: null });
        const { body, ...details } = await driver.getObject({ ...at, object: "o" });
        expect(details).toMatchObject({ sizeBytes: BigInt(size), contentType: "a/b" });
        expect(await digest(body)).toBe(await digest(bytes(size)));
      }
      expect(await driver.listUploads({ ...at, limit: 10 })).toEqual({ uploads: [], next: null });
    });

    test("whose stream fails or is stopped leave nothing", async () => {
      const { driver } = scenario;
      const { at } = await newPlace(scenario);
      for (const size of [100, 30 * MIB]) {
        const failing = Readable.from(
          (async function* () {
            yield* bytes(size);
            throw new Error("the sender went away");
          })(),
        );
        await expect(
          driver.putObject({ ...at, object: "o", body: failing, contentType: "a/b" }),
        ).rejects.toThrow("the sender went away");
      }
      const stop = new AbortController();
      const endless = Readable.from(
        (async function* () {
          for (let sent = 0; ; sent += 1) {
            yield Buffer.alloc(MIB);
            if (sent === 20) stop.abort();
          }
        })(),
      );
      await expect(
        driver.putObject({ ...at, object: "o", body: endless, contentType: "a/b", signal: stop.signal }),
      ).rejects.toMatchObject({ name: "AbortError" });
      expect(await driver.listUploads({ ...at, limit: 10 })).toEqual({ uploads: [], next: null });
      await expect(driver.headObject({ ...at, object: "o" })).rejects.toMatchObject({ code: "not-found" });
    });

    test("over a quota are told so and leave nothing", async () => {
      const { driver } = scenario;
      const { at, tenant } = await newPlace(scenario);
      await driver.setBucketQuota({
        tenant,
        bucket: at.bucket,
        quota: { ...UNLIMITED, maxSizeBytes: BigInt(12 * MIB) },
      });
      await expect(
        driver.putObject({ ...at, object: "o", body: bytes(40 * MIB), contentType: "a/b" }),
      ).rejects.toMatchObject({ code: "quota-exceeded" });
      expect(await driver.listUploads({ ...at, limit: 10 })).toEqual({ uploads: [], next: null });
      await expect(driver.headObject({ ...at, object: "o" })).rejects.toMatchObject({ code: "not-found" });
    });

    test("that are to overwrite nothing do not", async () => {
      const { driver } = scenario;
      const { conditionalWrites } = await driver.capabilities();
      if (!conditionalWrites) return;
      const { at } = await newPlace(scenario);
      for (const size of [10, 9 * MIB]) {
        const put = (fill: number) =>
          driver.putObject({
            ...at,
            object: `o${size}`,
            body: bytes(size, fill),
            contentType: "a/b",
            ifAbsent: true,
          });
        await put(1);
        await expect(put(2)).rejects.toMatchObject({ code: "already-exists" });
        expect(await digest((await driver.getObject({ ...at, object: `o${size}` })).body)).toBe(
          await digest(bytes(size, 1)),
        );
      }
      expect(await driver.listUploads({ ...at, limit: 10 })).toEqual({ uploads: [], next: null });
    });

    test("in parts through presigned addresses are seen, completed and aborted, whatever the name", async () => {
      const { driver } = scenario;
      const { at } = await newPlace(scenario, { versioned: true });
      for (const object of STRANGE_KEYS) {
        const { uploadId } = await driver.createUpload({ ...at, object, contentType: "text/x" });
        const upload = { ...at, object, uploadId };
        await putPart(scenario, upload, 1, Buffer.from("content"));
        expect(await driver.listParts(upload)).toMatchObject({
          parts: [{ partNumber: 1, sizeBytes: 7n }],
          next: null,
        });
        const { versionId } = await driver.completeUpload(upload);
        expect(versionId).toBeTruthy();
        expect(await contentOf(driver, at, object, versionId)).toBe("content");
        expect(await driver.headObject({ ...at, object })).toMatchObject({
          contentType: "text/x",
          versionId,
        });
        await expect(driver.listParts(upload)).rejects.toMatchObject({ code: "not-found" });

        const other = { ...at, object, uploadId: (await driver.createUpload({ ...at, object })).uploadId };
        await driver.abortUpload(other);
        await driver.abortUpload(other);
      }
      expect(await driver.listUploads({ ...at, limit: 1_000 })).toEqual({ uploads: [], next: null });
    });

    test("have parts of different sizes, in any order, put anew, and listed in pages", async () => {
      const { driver } = scenario;
      const { at } = await newPlace(scenario);
      const { uploadId } = await driver.createUpload({ ...at, object: "o" });
      const upload = { ...at, object: "o", uploadId };
      await putPart(scenario, upload, 7, Buffer.alloc(10, 3));
      await putPart(scenario, upload, 2, Buffer.alloc(PART, 9));
      await putPart(scenario, upload, 3, Buffer.alloc(PART + 77, 2));
      await putPart(scenario, upload, 2, Buffer.alloc(PART, 1));
      const first = await driver.listParts({ ...upload, limit: 2 });
      expect(first).toMatchObject({ parts: [{ partNumber: 2, sizeBytes: BigInt(PART) }, { partNumber: 3 }] });
      expect(first.next).toBe(3);
      const second = await driver.listParts({ ...upload, limit: 2, after: 3 });
      expect(second).toMatchObject({ parts: [{ partNumber: 7, sizeBytes: 10n }], next: null });
      await driver.completeUpload(upload);
      const { body, sizeBytes } = await driver.getObject({ ...at, object: "o" });
      expect(sizeBytes).toBe(BigInt(2 * PART + 87));
      const whole = Buffer.concat([Buffer.alloc(PART, 1), Buffer.alloc(PART + 77, 2), Buffer.alloc(10, 3)]);
      expect(await digest(body)).toBe(await digest(Readable.from([whole])));
      await expect(driver.completeUpload(upload)).rejects.toMatchObject({ code: "not-found" });
    });

    test("that are open are listed in pages, by name", async () => {
      const { driver } = scenario;
      const { at } = await newPlace(scenario);
      const open = new Set<string>();
      for (const object of ["b\n", "a", "a", "%2e/../x", "\u0001"]) {
        const { uploadId } = await driver.createUpload({ ...at, object });
        open.add(`${object} ${uploadId}`);
      }
      for (const limit of [1_000, 1]) {
        const seen = new Set<string>();
        let after: Parameters<typeof driver.listUploads>[0]["after"];
        for (let page = 0; page < 20; page += 1) {
          const { uploads, next } = await driver.listUploads({ ...at, limit, ...(after ? { after } : {}) });
          for (const { object, uploadId, initiatedAt } of uploads) {
            seen.add(`${object} ${uploadId}`);
            expect(Math.abs(initiatedAt.getTime() - Date.now())).toBeLessThan(60_000);
          }
          if (!next) break;
          after = next;
        }
        expect(seen).toEqual(open);
      }
      const some = await driver.listUploads({ ...at, limit: 10, prefix: "a" });
      expect(some.uploads.map(({ object }) => object)).toEqual(["a", "a"]);
    });
  });

  describe("shared addresses", () => {
    test("download any name as a file, until they end", async () => {
      const { driver } = scenario;
      const { at } = await newPlace(scenario);
      const { endpoint } = scenario.config;
      for (const object of STRANGE_KEYS) {
        await putText(driver, at, object, `content of ${object}`);
        const url = await driver.presignGet({
          ...at,
          object,
          endpoint,
          expiresInSeconds: 60,
          downloadName: 'relatório "final".html',
        });
        // As a browser does it: with the address resolved.
        const answer = await fetch(new URL(url));
        expect([object, answer.status]).toEqual([object, 200]);
        expect(await answer.text()).toBe(`content of ${object}`);
        expect(answer.headers.get("content-type")).toBe("application/octet-stream");
        expect(answer.headers.get("content-disposition")).toBe(
          `attachment; filename="relat_rio _final_.html"; filename*=UTF-8''relat%C3%B3rio%20%22final%22.html`,
        );
      }
      const short = await driver.presignGet({ ...at, object: "plain.txt", endpoint, expiresInSeconds: 1 });
      await new Promise((resolve) => setTimeout(resolve, 2_100));
      expect((await fetch(short)).status).toBe(403);
      for (const expiresInSeconds of [0, 604_801, 1.5]) {
        await expect(driver.presignGet({ ...at, object: "k", endpoint, expiresInSeconds })).rejects.toThrow(
          TypeError,
        );
      }
    });

    test("of a version give that version, and stop with the key that signed", async () => {
      const { driver } = scenario;
      const { at, tenant } = await newPlace(scenario, { versioned: true });
      const versionId = await putText(driver, at, "k", "old");
      await putText(driver, at, "k", "new");
      const { user, pair } = await scenario.newKey(tenant);
      const url = await driver.presignGet({
        key: pair,
        bucket: at.bucket,
        object: "k",
        versionId,
        endpoint: scenario.config.endpoint,
        expiresInSeconds: 3_600,
      });
      const answer = await fetch(url);
      expect(await answer.text()).toBe("old");
      expect(answer.headers.get("content-disposition")).toBe("attachment");
      await driver.revokeAccessKey({ tenant, user });
      expect((await fetch(url)).status).toBe(403);
    });
  });

  describe("restoring a version", () => {
    test("makes it the current one, with all that came with it, whatever the name", async () => {
      const { driver } = scenario;
      const { at } = await newPlace(scenario, { versioned: true });
      for (const object of STRANGE_KEYS) {
        const old = await putText(driver, at, object, "old");
        await putText(driver, at, object, "new");
        const { versionId } = await driver.restoreVersion({ ...at, object, versionId: old ?? "" });
        const [current] = (await driver.listVersions({ ...at, prefix: object, limit: 1 })).versions;
        expect(current?.versionId).not.toBe(old);
        // Not every engine says it (Ceph 16.2).
        if (versionId !== null) expect(versionId).toBe(current?.versionId);
        expect(await contentOf(driver, at, object)).toBe("old");
        expect(await driver.headObject({ ...at, object })).toMatchObject({
          contentType: "text/plain; charset=utf-8",
          versionId: current?.versionId,
        });
      }
      await expect(
        driver.restoreVersion({ ...at, object: "plain.txt", versionId: "null" }),
      ).rejects.toMatchObject({
        code: "not-found",
      });
    });

    test("works where versioning was suspended, and over a delete marker", async () => {
      const { driver } = scenario;
      const { at, managementKey } = await newPlace(scenario, { versioned: true });
      const old = (await putText(driver, at, "k", "old")) ?? "";
      await driver.deleteObjects({ ...at, objects: [{ object: "k" }] });
      await expect(driver.headObject({ ...at, object: "k" })).rejects.toMatchObject({ code: "not-found" });
      const [marker] = (await driver.listVersions({ ...at, limit: 1 })).versions;
      await expect(
        driver.headObject({ ...at, object: "k", versionId: marker?.versionId ?? null }),
      ).rejects.toMatchObject({ code: "not-found" });
      await driver.restoreVersion({ ...at, object: "k", versionId: old });
      expect(await contentOf(driver, at, "k")).toBe("old");
      await driver.setVersioning({ managementKey, bucket: at.bucket, versioning: "suspended" });
      await putText(driver, at, "k", "null one");
      await driver.restoreVersion({ ...at, object: "k", versionId: old });
      expect(await contentOf(driver, at, "k")).toBe("old");
    });
  });

  /** As a browser does it. */
  async function putPart(
    { driver, config }: Scenario,
    upload: Place & { object: string; uploadId: string },
    partNumber: number,
    body: Buffer<ArrayBuffer>,
  ): Promise<void> {
    const url = await driver.presignPart({
      ...upload,
      partNumber,
      endpoint: config.endpoint,
      expiresInSeconds: 300,
    });
    const answer = await fetch(new URL(url), { method: "PUT", body });
    expect([upload.object, answer.status, await text(Readable.from([await answer.text()]))]).toEqual([
      upload.object,
      200,
      "",
    ]);
  }
}

async function digest(stream: Readable): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest("hex");
}
