import { S3Error } from "../../errors.ts";

const MAX_KEY_BYTES = 1024;

/** Refuses a key that no object may have. @throws S3Error KeyTooLongError */
export function checkKey(key: string): void {
  if (isTooLong(key)) throw new S3Error("KeyTooLongError");
}

export const isTooLong = (key: string) => Buffer.byteLength(key) > MAX_KEY_BYTES;
