/** Why a page may not have reached the storage, as far as it can find out: browsers do not tell scripts. */
export type Unreachable = "offline" | "insecure" | "no-answer" | "not-allowed";

/** @param endpoint the storage's public address */
export async function whyUnreachable(endpoint: string): Promise<Unreachable> {
  // A secure page may not ask an insecure address, but on this very machine.
  if (location.protocol === "https:" && endpoint.startsWith("http:")) return "insecure";
  try {
    // Answers without leave by CORS, too, with nothing that could be read.
    await fetch(endpoint, { mode: "no-cors", cache: "no-store", credentials: "omit" });
    return "not-allowed";
  } catch {
    return navigator.onLine ? "no-answer" : "offline";
  }
}
