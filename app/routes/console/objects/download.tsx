import { openDownload } from "#app/domain/objects/open-download.ts";
import { load } from "#app/http/handlers.server.ts";
import { downloadWish, objectDownload } from "#app/http/object-download.server.ts";
import type { Route } from "./+types/download";
import { objectInAddress } from "./object-in-address.ts";

/**
 * A middleware, since it answers before anything of a page is made: the file, as the engine sends it. Where there is none,
 * the error page is shown, which a resource route would not.
 */
export const middleware: Route.MiddlewareFunction[] = [
  (args, next) => {
    const { request, params, url } = args;
    if (request.method === "POST") return next();
    return load(args, async (context) => {
      const object = objectInAddress({ params: { bucket: params.bucket ?? "" }, url });
      return objectDownload(await openDownload(context, object, downloadWish(request)));
    });
  },
];

export function loader() {
  return null;
}

export default function Download() {
  return null;
}
