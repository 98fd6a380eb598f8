import { PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import type { ObjectPage, StorageDriver, VersionPage } from "#app/ports/storage/driver.ts";
import { inKeyOrder, newPlace, type Place, putText, STRANGE_KEYS } from "./object-scenario.ts";
import { bucketName, type Scenario } from "./scenario.ts";

export function describeObjectListings(scenario: Scenario): void {
  describe("listings of objects", () => {
    test.each([1_000, 3])("show every name as it is, in pages of %i", async (limit) => {
      const { driver } = scenario;
      const { at } = await newPlace(scenario);
      for (const object of STRANGE_KEYS) await putText(driver, at, object, object);
      const pages = await allPages(driver, { ...at, limit });
      const objects = pages.flatMap((page) => page.objects);
      expect(objects.map(({ object }) => object)).toEqual(inKeyOrder(STRANGE_KEYS));
      for (const { object, sizeBytes, etag } of objects) {
        expect(sizeBytes).toBe(BigInt(Buffer.byteLength(object)));
        expect(etag).toMatch(/^[0-9a-f]{32}$/);
      }
      const versions = await allVersions(driver, { ...at, limit });
      expect(versions.map(({ object }) => object)).toEqual(inKeyOrder(STRANGE_KEYS));
    });

    test.each([1_000, 1])("gather what shares a prefix, in pages of %i", async (limit) => {
      const { driver } = scenario;
      const { at } = await newPlace(scenario);
      const keys = [
        "/x",
        "//y",
        "a",
        "a/1",
        "a/2",
        "a/b/3",
        "a b/1",
        "c\n/1",
        "c\n/2",
        "é/1",
        "\u0001/1",
        "z",
      ];
      for (const object of keys) await putText(driver, at, object, "");
      const list = async (prefix: string) => {
        const pages = await allPages(driver, { ...at, limit, prefix, delimiter: "/" });
        return {
          prefixes: pages.flatMap((page) => page.prefixes),
          objects: pages.flatMap((page) => page.objects.map(({ object }) => object)),
        };
      };
      expect(await list("")).toEqual({
        prefixes: inKeyOrder(["/", "a/", "a b/", "c\n/", "é/", "\u0001/"]),
        objects: ["a", "z"],
      });
      expect(await list("a/")).toEqual({ prefixes: ["a/b/"], objects: ["a/1", "a/2"] });
      expect(await list("/")).toEqual({ prefixes: ["//"], objects: ["/x"] });
      expect(await list("c\n/")).toEqual({ prefixes: [], objects: ["c\n/1", "c\n/2"] });
      expect(await list("nothing/")).toEqual({ prefixes: [], objects: [] });
      const versions = await driver.listVersions({ ...at, limit: 1_000, prefix: "a/", delimiter: "/" });
      expect(versions.prefixes).toEqual(["a/b/"]);
      expect(versions.versions.map(({ object }) => object)).toEqual(["a/1", "a/2"]);
    });

    test("versions and delete markers come newest first, in one order", async () => {
      const { driver } = scenario;
      const { at } = await newPlace(scenario, { versioned: true });
      const expected: Array<{ object: string; isDeleteMarker: boolean }> = [];
      for (const object of ["a", "b\n"]) {
        const history: Array<{ object: string; isDeleteMarker: boolean }> = [];
        for (let round = 0; round < 3; round += 1) {
          await putText(driver, at, object, String(round));
          await driver.deleteObjects({ ...at, objects: [{ object }] });
          history.push({ object, isDeleteMarker: false }, { object, isDeleteMarker: true });
        }
        expected.push(...history.reverse());
      }
      for (const limit of [1_000, 1, 4]) {
        const versions = await allVersions(driver, { ...at, limit });
        expect(versions.map(({ object, isDeleteMarker }) => ({ object, isDeleteMarker }))).toEqual(expected);
        expect(versions.filter(({ isLatest }) => isLatest)).toHaveLength(2);
        expect(versions[0]).toMatchObject({ isLatest: true, isDeleteMarker: true, sizeBytes: 0n, etag: "" });
        expect(versions[1]).toMatchObject({ isLatest: false, sizeBytes: 1n, storageClass: "STANDARD" });
        expect(new Set(versions.map(({ versionId }) => versionId)).size).toBe(versions.length);
      }
    });

    test("versions from before versioning are called null", async () => {
      const { driver } = scenario;
      const { at, managementKey } = await newPlace(scenario);
      await putText(driver, at, "k", "old");
      expect(await allVersions(driver, { ...at, limit: 10 })).toMatchObject([
        { versionId: "null", isLatest: true },
      ]);
      await driver.setVersioning({ managementKey, bucket: at.bucket, versioning: "enabled" });
      const versionId = await putText(driver, at, "k", "new");
      expect(await allVersions(driver, { ...at, limit: 10 })).toMatchObject([
        { versionId, isLatest: true },
        { versionId: "null", isLatest: false },
      ]);
      await driver.deleteObjects({ ...at, objects: [{ object: "k", versionId: "null" }] });
      expect(await allVersions(driver, { ...at, limit: 10 })).toMatchObject([{ versionId, isLatest: true }]);
    });

    test("an empty bucket has empty pages, and a missing one is not found", async () => {
      const { driver } = scenario;
      const { at } = await newPlace(scenario);
      expect(await driver.listObjects({ ...at, limit: 10 })).toEqual({
        prefixes: [],
        objects: [],
        next: null,
      });
      expect(await driver.listVersions({ ...at, limit: 10 })).toEqual({
        prefixes: [],
        versions: [],
        next: null,
      });
      expect(await driver.listUploads({ ...at, limit: 10 })).toEqual({ uploads: [], next: null });
      const nowhere = { key: at.key, bucket: bucketName(), limit: 10 };
      for (const call of ["listObjects", "listVersions", "listUploads"] as const) {
        await expect(driver[call](nowhere)).rejects.toMatchObject({ code: "not-found" });
      }
    });

    test("a place to go on from that nobody gave is not found, or a page of something", async () => {
      const { driver } = scenario;
      const { at } = await newPlace(scenario);
      await scenario.client(at.key).send(new PutObjectCommand({ Bucket: at.bucket, Key: "k", Body: "x" }));
      const guesses = [
        () => driver.listObjects({ ...at, limit: 10, after: "!! no token ?&=" }),
        () => driver.listVersions({ ...at, limit: 10, after: { object: "k", versionId: "no version" } }),
        () => driver.listUploads({ ...at, limit: 10, after: { object: "k", uploadId: "no upload" } }),
      ];
      for (const guess of guesses) {
        const outcome = await guess().then(
          () => "a page",
          (error: { code: string }) => error.code,
        );
        expect(["a page", "not-found"]).toContain(outcome);
      }
    });
  });
}

async function allPages(
  driver: StorageDriver,
  input: Place & { limit: number; prefix?: string; delimiter?: string },
): Promise<ObjectPage[]> {
  const pages: ObjectPage[] = [];
  let after: string | null = null;
  do {
    const page: ObjectPage = await driver.listObjects({ ...input, ...(after === null ? {} : { after }) });
    expect(page.objects.length + page.prefixes.length).toBeLessThanOrEqual(input.limit);
    pages.push(page);
    after = page.next;
  } while (after !== null && pages.length < 100);
  return pages;
}

async function allVersions(
  driver: StorageDriver,
  input: Place & { limit: number },
): Promise<VersionPage["versions"]> {
  const versions: VersionPage["versions"] = [];
  let after: VersionPage["next"] = null;
  let pages = 0;
  do {
    const page: VersionPage = await driver.listVersions({ ...input, ...(after ? { after } : {}) });
    versions.push(...page.versions);
    after = page.next;
    pages += 1;
  } while (after && pages < 100);
  return versions;
}
