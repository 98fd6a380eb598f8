import { getPreview } from "#app/domain/mail/read-previews.ts";
import { load } from "#app/http/handlers.server.ts";
import { defaultLocale, isLocale } from "#app/locales/index.ts";
import type { Route } from "./+types/preview-html";

/** A message as HTML, for the frame on its preview's page. server.ts gives this address a policy of its own. */
export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const language = args.url.searchParams.get("language");
    const { html } = getPreview(context, args.params.message, isLocale(language) ? language : defaultLocale);
    return new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8" } });
  });
}
