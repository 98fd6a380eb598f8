/** How pages look: as the device asks for, or always one way. */
export const themes = ["system", "light", "dark"] as const;

export type Theme = (typeof themes)[number];

/** Whether a value from outside (a cookie, a form, an attribute) is a theme. */
export function isTheme(value: unknown): value is Theme {
  return themes.includes(value as Theme);
}
