import type { ListObjectVersionsCommand } from "@aws-sdk/client-s3";

type Kind = "Version" | "DeleteMarker";

/**
 * The SDK gives versions and delete markers in two lists, and what order they had together is lost: two of the same
 * moment could not be put back. So this notes the order of the elements in the answer's text. A key's text cannot be
 * taken for one, because keys come percent-encoded.
 *
 * @returns what gives the order, once the command was sent
 */
export function rememberOrder(command: ListObjectVersionsCommand): () => Kind[] {
  let order: Kind[] = [];
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { body: AsyncIterable<Uint8Array> | Uint8Array };
      const text = await readAll(response.body);
      order = [...text.toString("utf8").matchAll(/<(Version|DeleteMarker)>/g)].map(
        ([, kind]) => kind as Kind,
      );
      response.body = text;
      return result;
    },
    { step: "deserialize", priority: "low", name: "rememberOrder" },
  );
  return () => order;
}

/** Both lists as one, in the order of the document. */
export function inDocumentOrder<T>(
  order: readonly Kind[],
  versions: readonly T[],
  markers: readonly T[],
): T[] {
  const lists = { Version: versions.values(), DeleteMarker: markers.values() };
  return order.flatMap((kind) => lists[kind].next().value ?? []);
}

async function readAll(body: AsyncIterable<Uint8Array> | Uint8Array): Promise<Buffer> {
  if (body instanceof Uint8Array) return Buffer.from(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
