import { text } from "node:stream/consumers";
import { DeleteObjectCommand, PutObjectCommand, PutObjectTaggingCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { startCall } from "#app/ports/storage/ceph/call.ts";
import { sendS3 } from "#app/ports/storage/ceph/s3-client.ts";
import { contentOf, newPlace, putText, STRANGE_KEYS } from "./object-scenario.ts";
import { bucketName, type Scenario } from "./scenario.ts";

export function describeObjects(scenario: Scenario): void {
  describe("objects", () => {
    test("of any name are stored, found, read, tagged and deleted as they are called", async () => {
      const { driver } = scenario;
      const { at } = await newPlace(scenario);
      for (const object of STRANGE_KEYS) await putText(driver, at, object, `content of ${object}`);
      for (const object of STRANGE_KEYS) {
        expect(await contentOf(driver, at, object)).toBe(`content of ${object}`);
        const { sizeBytes } = await driver.headObject({ ...at, object });
        expect(sizeBytes).toBe(BigInt(Buffer.byteLength(`content of ${object}`)));
        expect(await driver.getObjectTags({ ...at, object })).toEqual([]);
      }
      // All but one, each time: what is deleted is what was named.
      const [spared, ...others] = STRANGE_KEYS;
      const { failed } = await driver.deleteObjects({ ...at, objects: others.map((object) => ({ object })) });
      expect(failed).toEqual([]);
      const left = await driver.listObjects({ ...at, limit: 1_000 });
      expect(left.objects.map(({ object }) => object)).toEqual([spared]);
      expect(await scenario.driver.headBucket({ managementKey: at.key, bucket: at.bucket })).toBe(true);
    });

    test("are deleted for good by their version, also where none were ever kept", async () => {
      const { driver } = scenario;
      for (const versioned of [false, true]) {
        const { at } = await newPlace(scenario, { versioned });
        for (const object of STRANGE_KEYS) await putText(driver, at, object, "x");
        await driver.deleteObjects({
          ...at,
          objects: STRANGE_KEYS.slice(0, 5).map((object) => ({ object })),
        });
        const { versions } = await driver.listVersions({ ...at, limit: 1_000 });
        expect(await driver.deleteObjects({ ...at, objects: versions })).toEqual({ failed: [] });
        expect((await driver.listVersions({ ...at, limit: 1_000 })).versions).toEqual([]);
      }
    });

    test("are told of with all that came with them", async () => {
      const { driver } = scenario;
      const { at } = await newPlace(scenario);
      const s3 = scenario.client(at.key);
      await s3.send(
        new PutObjectCommand({
          Bucket: at.bucket,
          Key: "k",
          Body: "<p>olá</p>",
          ContentType: "text/html; charset=utf-8",
          CacheControl: "max-age=60",
          ContentEncoding: "identity",
          ContentDisposition: 'inline; filename="a.html"',
          ContentLanguage: "pt-BR",
          Metadata: { author: "Joana", "multi-word": "a b" },
          ChecksumAlgorithm: "SHA256",
        }),
      );
      await s3.send(
        new PutObjectTaggingCommand({
          Bucket: at.bucket,
          Key: "k",
          Tagging: {
            TagSet: [
              { Key: "z", Value: "1" },
              { Key: "área", Value: "façade" },
            ],
          },
        }),
      );
      const details = await driver.headObject({ ...at, object: "k" });
      expect(details).toMatchObject({
        sizeBytes: 11n,
        contentType: "text/html; charset=utf-8",
        storageClass: "STANDARD",
        versionId: null,
        metadata: { author: "Joana", "multi-word": "a b" },
        headers: {
          "Cache-Control": "max-age=60",
          "Content-Disposition": 'inline; filename="a.html"',
          "Content-Language": "pt-BR",
        },
      });
      expect(details.etag).toMatch(/^[0-9a-f]{32}$/);
      expect(Math.abs(details.lastModified.getTime() - Date.now())).toBeLessThan(60_000);
      const { engine } = await driver.capabilities();
      if (engine === "embedded") expect(Object.keys(details.checksums)).toContain("SHA256");
      expect(await driver.getObjectTags({ ...at, object: "k" })).toEqual([
        { key: "z", value: "1" },
        { key: "área", value: "façade" },
      ]);
    });

    test("are read whole, in ranges, and not beyond their end", async () => {
      const { driver } = scenario;
      const { at } = await newPlace(scenario);
      await putText(driver, at, "k", "0123456789");
      const whole = await driver.getObject({ ...at, object: "k" });
      expect(whole).toMatchObject({ contentLength: 10n, sizeBytes: 10n, contentRange: null });
      expect(await text(whole.body)).toBe("0123456789");
      const range = await driver.getObject({ ...at, object: "k", range: "bytes=2-4" });
      expect(range).toMatchObject({ contentLength: 3n, sizeBytes: 10n, contentRange: "bytes 2-4/10" });
      expect(await text(range.body)).toBe("234");
      expect(await text((await driver.getObject({ ...at, object: "k", range: "bytes=-3" })).body)).toBe(
        "789",
      );
      await expect(driver.getObject({ ...at, object: "k", range: "bytes=10-" })).rejects.toMatchObject({
        code: "unsatisfiable",
      });
    });

    test("an empty one is there too", async () => {
      const { driver } = scenario;
      const { at } = await newPlace(scenario);
      await putText(driver, at, "empty", "");
      expect(await driver.headObject({ ...at, object: "empty" })).toMatchObject({ sizeBytes: 0n });
      expect(await contentOf(driver, at, "empty")).toBe("");
    });

    test("that are not there are not found; deleting those is success", async () => {
      const { driver } = scenario;
      const { at } = await newPlace(scenario);
      const object = "missing";
      const nowhere = { key: at.key, bucket: bucketName() };
      for (const call of [
        () => driver.headObject({ ...at, object }),
        () => driver.getObject({ ...at, object }),
        () => driver.getObjectTags({ ...at, object }),
        () => driver.headObject({ ...nowhere, object }),
        () => driver.getObject({ ...nowhere, object }),
        () => driver.deleteObjects({ ...nowhere, objects: [{ object }] }),
        () => driver.deleteObjects({ ...nowhere, objects: [{ object: "\u0001" }] }),
        () => putText(driver, nowhere, object, "x"),
      ]) {
        await expect(call()).rejects.toMatchObject({ code: "not-found" });
      }
      expect(await driver.deleteObjects({ ...at, objects: [{ object }, { object: "\u0001" }] })).toEqual({
        failed: [],
      });
    });

    test("are out of reach of another tenant, and of a key that may only read", async () => {
      const { driver } = scenario;
      const { at, tenant } = await newPlace(scenario);
      await putText(driver, at, "k", "secret");
      const { managementKey } = await scenario.newTenant();
      const stranger = { key: managementKey, bucket: at.bucket };
      await expect(driver.getObject({ ...stranger, object: "k" })).rejects.toMatchObject({
        code: "not-found",
      });
      const { pair } = await scenario.newKey(tenant, { permission: "read" });
      const reader = { key: pair, bucket: at.bucket };
      expect(await contentOf(driver, reader, "k")).toBe("secret");
      await expect(putText(driver, reader, "k", "changed")).rejects.toMatchObject({ code: "denied" });
      const refused = await driver
        .deleteObjects({ ...reader, objects: [{ object: "k" }, { object: "\u0001" }] })
        .catch((error: { code: string }) => error.code);
      // Some engines refuse each object, others the request.
      if (typeof refused === "string") expect(refused).toBe("denied");
      else {
        expect(refused.failed.map(({ object }) => object).sort()).toEqual(["\u0001", "k"]);
        expect(refused.failed[0]?.engineCode).toBe("AccessDenied");
      }
      expect(await contentOf(driver, at, "k")).toBe("secret");
    });

    test("a malformed name is a TypeError and asks nothing", async () => {
      const { driver } = scenario;
      const { at } = await newPlace(scenario);
      for (const object of ["", "x".repeat(1_025), "\ud800", "nul\0"]) {
        await expect(driver.headObject({ ...at, object })).rejects.toThrow(TypeError);
        await expect(driver.deleteObjects({ ...at, objects: [{ object }] })).rejects.toThrow(TypeError);
        await expect(driver.abortUpload({ ...at, object, uploadId: "u" })).rejects.toThrow(TypeError);
      }
      await expect(driver.abortUpload({ ...at, object: "k", uploadId: "" })).rejects.toThrow(TypeError);
    });

    // Ceph takes what it does not know for the plain operation, and so deletes or overwrites the object.
    test("a subresource off the list never reaches the engine", async () => {
      const { driver } = scenario;
      const { at } = await newPlace(scenario);
      await putText(driver, at, "k", "kept");
      const command = new DeleteObjectCommand({ Bucket: at.bucket, Key: "k" });
      command.middlewareStack.add(
        (next) => (args) => {
          (args.request as { query: Record<string, string> }).query.retention = "";
          return next(args);
        },
        { step: "serialize", priority: "low" },
      );
      await expect(
        sendS3(scenario.config, startCall("test"), "change", at.key, (client, options) =>
          client.send(command, options),
        ),
      ).rejects.toMatchObject({ code: "unsupported", engineCode: "UnknownSubresource", status: undefined });
      expect(await contentOf(driver, at, "k")).toBe("kept");
    });
  });
}
