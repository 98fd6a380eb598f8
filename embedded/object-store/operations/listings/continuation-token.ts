import { S3Error } from "../../errors.ts";

/** The last entry of a page. Opaque to clients, so that they neither build one nor break on odd characters. */
export const writeToken = (last: string) => Buffer.from(last, "utf8").toString("base64url");

/** The entry after which the next page begins. @throws S3Error InvalidArgument */
export function readToken(token: string): string {
  const last = Buffer.from(token, "base64url").toString("utf8");
  if (writeToken(last) !== token || last.includes("\0")) {
    throw new S3Error("InvalidArgument", "The continuation token provided is incorrect");
  }
  return last;
}
