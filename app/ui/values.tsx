import { timeZone as installationZone } from "#app/domain/time-zone.ts";
import {
  type ByteUnits,
  formatBytes,
  formatCount,
  formatTime,
  formatZone,
  type TimeStyle,
} from "./format.ts";
import { useRootData } from "./root-data.ts";

// A browser's own tables may format a value a little differently (a space, a comma): what the server
// wrote stays, hence `suppressHydrationWarning`.

/** A moment, in the reader's language and zone. */
export function Timestamp({ at, style }: { at: Date | string; style?: TimeStyle }) {
  const { locale, timeZone } = useRootData();
  return (
    <time dateTime={new Date(at).toISOString()} suppressHydrationWarning>
      {formatTime(at, locale, timeZone, style)}
    </time>
  );
}

/**
 * A moment that a day of the installation has set, such as the end of a key's last day: in the installation's zone,
 * where it falls on that day, and with the zone's name for a reader who has another one.
 */
export function InstallationTime({ at, style }: { at: Date | string; style?: TimeStyle }) {
  const { locale, timeZone } = useRootData();
  return (
    <span suppressHydrationWarning>
      <time dateTime={new Date(at).toISOString()} suppressHydrationWarning>
        {formatTime(at, locale, installationZone, style)}
      </time>
      {timeZone !== installationZone && ` (${formatZone(installationZone, locale)})`}
    </span>
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
