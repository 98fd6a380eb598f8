import { formatPercent } from "../format.ts";
import { useRootData } from "../root-data.ts";

/** A part of a whole, from 0 to 1: its percentage, and a bar of that length. */
export function ShareBar({ share }: { share: number }) {
  const { locale } = useRootData();
  return (
    <span className="flex items-center gap-3">
      <svg
        aria-hidden="true"
        viewBox="0 0 100 1"
        preserveAspectRatio="none"
        className="block h-2 w-24 shrink-0 rounded-full bg-sunken fill-accent"
      >
        {/* Never so short that something looks like nothing. */}
        <rect width={share > 0 ? Math.max(1, share * 100) : 0} height="1" />
      </svg>
      <data value={share} className="w-14 shrink-0 text-end" suppressHydrationWarning>
        {formatPercent(share, locale)}
      </data>
    </span>
  );
}
