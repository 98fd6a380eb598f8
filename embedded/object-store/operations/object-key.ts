import { S3Error } from "../errors.ts";

const MAX_KEY_BYTES = 1024;

/** Refuses a key that no object may have. @throws S3Error KeyTooLongError */
export function checkKey(key: string): void {
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new S3Error("KeyTooLongError");
}
