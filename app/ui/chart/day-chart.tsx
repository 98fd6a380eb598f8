import { useId } from "react";

export interface DayChartProps {
  title: string;
  /** The chart in a sentence, for those who do not see it: the highest value and where to find the others. */
  summary: string;
  /** One per day, in order; null for a day without a value. `label` is the day and its value in words. */
  days: { key: string; label: string; value: bigint | null }[];
  /** The highest value in words, and the days at both ends. */
  most: string;
  first: string;
  last: string;
}

/** Width of a day and of its bar, in the chart's own units; the browser stretches them to the width it has. */
const dayWidth = 10;
const barWidth = 7;
const height = 100;
/** The first days of a month stay bars: without room kept for more, a single day would fill the chart. */
const fewestDays = 14;

/**
 * Bars by day, drawn on the server. Words stand in HTML around the drawing, so that they keep their size while
 * the bars stretch. A table with the same values belongs below it.
 */
export function DayChart({ title, summary, days, most, first, last }: DayChartProps) {
  const titleId = useId();
  const isShort = days.length < fewestDays;
  const highest = days.reduce((max, { value }) => (value !== null && value > max ? value : max), 1n);
  return (
    <figure className="rounded-card border border-line bg-surface p-4" aria-labelledby={titleId}>
      <figcaption id={titleId} className="font-semibold">
        {title}
      </figcaption>
      <p className="mt-2 text-sm text-muted" aria-hidden="true" suppressHydrationWarning>
        {most}
      </p>
      <svg
        role="img"
        aria-label={summary}
        viewBox={`0 0 ${Math.max(days.length, fewestDays) * dayWidth} ${height}`}
        preserveAspectRatio="none"
        className="mt-1 block h-28 w-full border-y border-line fill-accent"
      >
        {days.map(({ key, label, value }, index) => {
          const barHeight = value === null ? 0 : heightOf(value, highest);
          return (
            <rect
              key={key}
              x={index * dayWidth + (dayWidth - barWidth) / 2}
              y={height - barHeight}
              width={barWidth}
              height={barHeight}
            >
              <title>{label}</title>
            </rect>
          );
        })}
      </svg>
      <p className="mt-1 flex justify-between text-sm text-muted" aria-hidden="true" suppressHydrationWarning>
        <span>{isShort && first !== last ? `${first} – ${last}` : first}</span>
        {!isShort && <span>{last}</span>}
      </p>
    </figure>
  );
}

/** Never so low that a day with something looks like a day with nothing. */
function heightOf(value: bigint, highest: bigint): number {
  if (value === 0n) return 0;
  // Exact until the last step: a double would do, but a quotient of bigints cannot surprise.
  return Math.max(1, Number((value * 1_000n) / highest) / 10);
}
