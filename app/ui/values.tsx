import { type ByteUnits, formatBytes, formatCount, formatTime, type TimeStyle } from "./format.ts";
import { useRootData } from "./root-data.ts";

// A browser's own tables may format a value a little differently (a space, a comma): what the server
// wrote stays, hence `suppressHydrationWarning`.

/** A moment, in the reader's language and the installation's zone. */
export function Timestamp({ at, style }: { at: Date | string; style?: TimeStyle }) {
  const { locale, timeZone } = useRootData();
  return (
    <time dateTime={new Date(at).toISOString()} suppressHydrationWarning>
      {formatTime(at, locale, timeZone, style)}
    </time>
  );
}

/** An amount of bytes, a bigint or its decimal string. */
export function Bytes({ value, units }: { value: bigint | string; units?: ByteUnits }) {
  const { locale } = useRootData();
  return (
    <data value={String(value)} className="whitespace-nowrap" suppressHydrationWarning>
      {formatBytes(value, locale, units)}
    </data>
  );
}

/** A number of things. */
export function Count({ value }: { value: bigint | number | string }) {
  const { locale } = useRootData();
  return (
    <data value={String(value)} suppressHydrationWarning>
      {formatCount(value, locale)}
    </data>
  );
}
