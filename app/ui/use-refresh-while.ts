import { useEffect } from "react";
import { useRevalidator } from "react-router";

const everyMs = 2_000;

/**
 * Reads the page's data again every two seconds while something is under way and the page is in sight.
 * Without JavaScript a Refresh link on the page does the same: a timed reload would be in readers' way.
 */
export function useRefreshWhile(underWay: boolean): void {
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    if (!underWay || state !== "idle") return;
    const timer = setTimeout(() => {
      if (document.visibilityState === "visible") void revalidate();
    }, everyMs);
    return () => clearTimeout(timer);
  });
}
