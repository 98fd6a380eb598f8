import { checkReadiness } from "#app/domain/health.ts";

/** The process can serve pages. */
export async function loader() {
  try {
    await checkReadiness();
    return new Response("ready\n", { headers: { "Content-Type": "text/plain" } });
  } catch {
    return new Response("the database does not answer\n", {
      status: 503,
      headers: { "Content-Type": "text/plain" },
    });
  }
}
