import Bowser from "bowser";

/** What a session is used with, as far as it says so itself: nobody holds a client to it. */
export interface Device {
  /** "Firefox"; of a program that is no browser, the name that it gives itself. */
  browser: string | null;
  /** "Windows", "iOS". */
  system: string | null;
}

/** Reads a User-Agent header. */
export function deviceOf(userAgent: string | null): Device {
  if (!userAgent) return { browser: null, system: null };
  const { browser, os } = Bowser.parse(userAgent);
  // What it does not know it may call by half of the header.
  const isKnown = os.name !== undefined && browser.name !== undefined && !browser.name.includes("/");
  return {
    browser: (isKnown && browser.name) || productOf(userAgent),
    system: os.name || null,
  };
}

/** The first product of the header, `curl/8.5.0` (RFC 9110, 10.1.5); every browser calls itself Mozilla. */
function productOf(userAgent: string): string | null {
  const [, product] = /^([A-Za-z][\w.-]{0,40})\//.exec(userAgent) ?? [];
  return product && product !== "Mozilla" ? product : null;
}
