import { S3Error } from "../../errors.ts";
import { MAX_PARTS } from "../../parts.ts";

/** Reads `partNumber`. @throws S3Error InvalidArgument */
export function readPartNumber(given: string): number {
  const number = /^\d{1,5}$/.test(given) ? Number(given) : 0;
  if (number >= 1 && number <= MAX_PARTS) return number;
  throw new S3Error(
    "InvalidArgument",
    `Part number must be an integer between 1 and ${MAX_PARTS}, inclusive`,
    {
      details: { ArgumentName: "partNumber", ArgumentValue: given },
    },
  );
}

/**
 * @param given the number that the page before ended with, undefined for the first page
 * @throws S3Error InvalidArgument
 */
export function readPartNumberMarker(given: string | undefined): number {
  if (given === undefined || given === "") return 0;
  if (/^\d{1,9}$/.test(given)) return Number(given);
  throw new S3Error("InvalidArgument", "Provided part-number-marker not an integer or within integer range");
}
