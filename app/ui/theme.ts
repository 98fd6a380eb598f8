import { createContext, useContext } from "react";
import type { Theme } from "#app/domain/identity/profile/states.ts";

/**
 * The visitor's theme. Not from a loader: an error page for which no loader ran must have it too. The server reads it
 * from the cookie, and the browser from the document that the server sent.
 */
export const ThemeContext = createContext<Theme>("system");

export function useTheme(): Theme {
  return useContext(ThemeContext);
}
