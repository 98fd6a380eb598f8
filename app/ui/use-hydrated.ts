import { useSyncExternalStore } from "react";

/**
 * Whether JavaScript has taken over the page: false in what the server renders and while the browser
 * hydrates it. For controls that do nothing without JavaScript, which must not be offered there.
 */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  );
}
