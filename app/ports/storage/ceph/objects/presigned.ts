import { GetObjectCommand, UploadPartCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { ObjectInput, UploadInput } from "../../objects.ts";
import { createClient } from "../s3-client.ts";
import type { EngineConfig } from "../signed-request.ts";
import { objectParameters, uploadParameters } from "./names.ts";

/** S3's limit: seven days. */
const MAX_SECONDS = 604_800;

export async function presignGet(
  config: EngineConfig,
  input: ObjectInput & { endpoint: string; expiresInSeconds: number; downloadName?: string },
): Promise<string> {
  const command = new GetObjectCommand({
    ...objectParameters(input),
    // Whatever a tenant says that it is: a browser saves it and never shows it in the engine's origin.
    ResponseContentDisposition: attachment(input.downloadName),
    ResponseContentType: "application/octet-stream",
  });
  const client = createClient({ ...config, endpoint: input.endpoint }, input.key);
  return forBrowsers(await getSignedUrl(client, command, signing(input)), input);
}

export async function presignPart(
  config: EngineConfig,
  input: UploadInput & { endpoint: string; expiresInSeconds: number; partNumber: number },
): Promise<string> {
  const command = new UploadPartCommand({ ...uploadParameters(input), PartNumber: input.partNumber });
  const client = createClient({ ...config, endpoint: input.endpoint }, input.key);
  return forBrowsers(await getSignedUrl(client, command, signing(input)), input);
}

function signing({ expiresInSeconds }: { expiresInSeconds: number }): { expiresIn: number } {
  if (!Number.isInteger(expiresInSeconds) || expiresInSeconds < 1 || expiresInSeconds > MAX_SECONDS) {
    throw new TypeError(`An address is signed for 1 to ${MAX_SECONDS} seconds`);
  }
  return { expiresIn: expiresInSeconds };
}

/** RFC 6266: a name in ASCII for old browsers, and as it is for the others. */
function attachment(name = ""): string {
  const safe = name.replace(/[\p{C}/\\]/gu, "_");
  if (safe === "") return "attachment";
  const ascii = safe.replace(/[^\x20-\x7e]|["%]/g, "_");
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encodeRfc5987(safe)}`;
}

function encodeRfc5987(text: string): string {
  return encodeURIComponent(text).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * Browsers resolve `.` and `..` in a path, percent-encoded too, and would ask for another object. Where the slashes
 * around them are encoded they are no segments of their own; engines decode a path before they split it, and sign it
 * with plain slashes.
 */
function forBrowsers(url: string, { bucket, object }: { bucket: string; object: string }): string {
  if (!object.split("/").some((segment) => segment === "." || segment === "..")) return url;
  const [path = "", query = ""] = url.split("?", 2);
  const at = path.indexOf(`/${bucket}/`) + bucket.length + 1;
  return `${path.slice(0, at)}${path.slice(at).replaceAll("/", "%2F")}?${query}`;
}
