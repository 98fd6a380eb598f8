import { DomainError } from "#app/domain/errors.ts";
import type { ObjectAddress } from "#app/domain/objects/read-object.ts";
import { objectInput } from "#app/domain/objects/schema.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";

interface Args {
  params: { bucket: string };
  url: URL;
}

/** The object, or the version of one, that an address names. What is no name of any is not found. */
export function objectInAddress({ params, url }: Args): ObjectAddress {
  const named = objectInput.safeParse({
    bucketId: uuidOr404(params.bucket),
    key: url.searchParams.get("key") ?? undefined,
    versionId: url.searchParams.get("versionId") ?? undefined,
  });
  if (!named.success) throw new DomainError("not-found");
  return named.data;
}
