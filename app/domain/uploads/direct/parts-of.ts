import type { CallOptions } from "#app/ports/storage/driver.ts";
import { storage } from "#app/ports/storage/storage.server.ts";

export interface UploadPart {
  partNumber: number;
  sizeBytes: bigint;
}

/** All parts that the engine has of an open upload: at most 10,000, ten pages. Throws StorageError. */
export async function partsOf(
  upload: Parameters<typeof storage.listParts>[0],
  options: CallOptions,
): Promise<UploadPart[]> {
  const parts: UploadPart[] = [];
  let after: number | null = 0;
  while (after !== null) {
    const page = await storage.listParts({ ...upload, ...(after > 0 ? { after } : {}) }, options);
    parts.push(...page.parts.map(({ partNumber, sizeBytes }) => ({ partNumber, sizeBytes })));
    after = page.next;
  }
  return parts;
}
