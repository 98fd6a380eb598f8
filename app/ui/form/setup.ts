import type { FormOptions } from "@conform-to/react/future";

/**
 * What a form page's loader gives to `useAppForm`: the constraints that the schema implies and the
 * values to begin with. Both are made on the server, so that no schema (and no Zod) reaches a browser.
 *
 * `Shape` is the schema's input; it exists in types alone and gives `fields` its names.
 */
export interface FormSetup<Shape extends Record<string, unknown>> {
  /** HTML validation attributes by field name. */
  constraint: NonNullable<FormOptions["constraint"]>;
  /** Values to begin with, by field name; nested like the schema's input. */
  defaultValue: { [Name in keyof Shape]?: unknown };
  /** Never present. */
  shape?: Shape;
}
