import { useRouteLoaderData } from "react-router";
import { timeZone } from "#app/domain/time-zone.ts";
import { defaultLocale, type Locale } from "#app/locales/index.ts";

/** What a redirect leaves behind for the next page, already in the reader's language. */
export interface FlashMessage {
  tone: "success" | "info" | "warning" | "danger";
  text: string;
}

/** What the root loader gives to every page. */
export interface RootData {
  locale: Locale;
  /** IANA name of the zone in which every time is shown. */
  timeZone: string;
  /** Bound to the session; every form that posts carries it. */
  formToken: string;
  flash: FlashMessage | null;
}

const withoutRoot: RootData = {
  locale: defaultLocale,
  timeZone,
  formToken: "",
  flash: null,
};

/** The root loader's data, or defaults on an error page for which the root loader did not run. */
export function useRootData(): RootData {
  return useRouteLoaderData<RootData>("root") ?? withoutRoot;
}
