import { PassThrough } from "node:stream";
import { createReadableStreamFromReadable } from "@react-router/node";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";
import { I18nextProvider } from "react-i18next";
import { type EntryContext, isRouteErrorResponse, RouterContextProvider, ServerRouter } from "react-router";
import { nonceContext, requestContext } from "#app/http/context.ts";
import { i18nOf } from "#app/http/i18n.server.ts";
import { readTheme } from "#app/http/theme.server.ts";
import { log } from "#app/ports/logger.server.ts";
import { ThemeContext } from "#app/ui/theme.ts";

export { beginRequest } from "#app/http/context.ts";

/** How long a loader may keep a deferred part of the page waiting, in milliseconds. */
export const streamTimeout = 5_000;

/** Renders a page: a person gets its first part at once, a crawler all of it in one piece. */
export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  routerContext: EntryContext,
  context: RouterContextProvider,
): Promise<Response> {
  headers.set("Content-Type", "text/html; charset=utf-8");
  if (request.method === "HEAD") return new Response(null, { status, headers });

  const nonce = context.get(nonceContext);
  const theme = await readTheme(request);
  const userAgent = request.headers.get("User-Agent");
  const whenReady = userAgent && isbot(userAgent) ? "onAllReady" : "onShellReady";

  return new Promise((resolve, reject) => {
    let responseStatus = status;
    let answered = false;

    const { pipe, abort } = renderToPipeableStream(
      <I18nextProvider i18n={i18nOf(context)}>
        <ThemeContext value={theme}>
          <ServerRouter context={routerContext} url={request.url} nonce={nonce} />
        </ThemeContext>
      </I18nextProvider>,
      {
        nonce,
        [whenReady]() {
          answered = true;
          const body = new PassThrough({
            final(callback) {
              clearTimeout(timeout);
              callback();
            },
          });
          pipe(body);
          resolve(new Response(createReadableStreamFromReadable(body), { status: responseStatus, headers }));
        },
        onShellError(error: unknown) {
          clearTimeout(timeout);
          reject(error);
        },
        onError(error: unknown) {
          responseStatus = 500;
          // What fails before the answer rejects above and is logged by the server; a reader who
          // went away is no fault of ours.
          if (answered && !request.signal.aborted)
            log.error({ err: error }, "a page failed while it was sent");
        },
      },
    );

    // React Router rejects what is late after `streamTimeout`; a second more lets that be rendered.
    const timeout = setTimeout(abort, streamTimeout + 1_000);
    request.signal.addEventListener("abort", () => abort(request.signal.reason), { once: true });
  });
}

/** A loader, an action or a middleware failed: for our log, never for the reader (ASVS 16.5.1). */
export function handleError(
  error: unknown,
  { request, context }: { request: Request; context: unknown },
): void {
  // A reader who went away is no fault of ours, nor is an address or a method that there is none of.
  if (request.signal.aborted || (isRouteErrorResponse(error) && error.status < 500)) return;
  const requestId = context instanceof RouterContextProvider ? context.get(requestContext).id : null;
  log.error({ err: error, requestId }, "unexpected error");
}
