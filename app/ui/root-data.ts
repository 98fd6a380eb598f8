import { useRouteLoaderData } from "react-router";
import { timeZone } from "#app/domain/time-zone.ts";
import { defaultLocale, type Locale } from "#app/locales/index.ts";

/** What a redirect leaves behind for the next page, already in the reader's language. */
export interface FlashMessage {
  tone: "success" | "info" | "warning" | "danger";
  text: string;
}

/** What somebody posted when it could not be taken, for the form that it belongs to. */
export interface RestoredForm {
  /** Path and query that the form posts to. */
  path: string;
  /** By the names of its fields, nested like them. */
  values: Record<string, unknown>;
}

/** What the root loader gives to every page. */
export interface RootData {
  locale: Locale;
  /** IANA name of the zone in which every time is shown: the reader's, or else the installation's. */
  timeZone: string;
  /** Bound to the session; every form that posts carries it. */
  formToken: string;
  flash: FlashMessage | null;
  restoredForm: RestoredForm | null;
}

const withoutRoot: RootData = {
  locale: defaultLocale,
  timeZone,
  formToken: "",
  flash: null,
  restoredForm: null,
};

/** The root loader's data, or defaults on an error page for which the root loader did not run. */
export function useRootData(): RootData {
  return useRouteLoaderData<RootData>("root") ?? withoutRoot;
}
