import { useEffect } from "react";

/**
 * For a page that takes the place of the form that was posted, at the same address: begin at its top, for eyes and
 * screen readers alike.
 */
export function useBeginAtTop(): void {
  useEffect(() => {
    window.scrollTo(0, 0);
    document.getElementById("main")?.focus({ preventScroll: true });
  }, []);
}
