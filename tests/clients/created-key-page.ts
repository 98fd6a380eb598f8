import type { ClientName } from "#app/domain/access-keys/client-settings.ts";

/** What the page of a created key shows for one client. */
export interface ShownClient {
  client: ClientName;
  files: ShownFile[];
  /** What it says to type, a line each. */
  commands: string;
  /** Fields and their values, for a client that is filled in by hand. */
  fields: Record<string, string>;
}

interface ShownFile {
  /** Where it belongs. */
  path: string;
  /** As it can be read, and copied, on the page. */
  code: string;
  /** As a browser saves it. */
  downloaded: string;
}

/** Reads, from the HTML of the answer to the form alone, what somebody reads who has just created a key. */
export function readCreatedKey(html: string) {
  const secretAccessKey = /\b[A-Za-z0-9]{40}\b/.exec(html)?.[0];
  const accessKeyId = /\bBLD[A-Z0-9]{17}\b/.exec(html)?.[0];
  if (!secretAccessKey || !accessKeyId) throw new Error(`no key on this page:\n${html.slice(0, 2_000)}`);
  const shown = [...html.matchAll(/<details id="client-(\w+)"[^>]*>(.*?)<\/details>/gs)].map(
    ([, client = "", part = ""]) => readClient(client as ClientName, part),
  );
  return { accessKeyId, secretAccessKey, shown };
}

function readClient(client: ClientName, part: string): ShownClient {
  const blocks = [...part.matchAll(/<figcaption[^>]*>(.*?)<\/figcaption>.*?<pre[^>]*>(.*?)<\/pre>/gs)].map(
    ([, label = "", code = ""]) => ({ label: textOf(label), code: textOf(code) }),
  );
  const downloads = [...part.matchAll(/<a download="[^"]+" href="data:application\/octet-stream,([^"]*)"/g)];
  const commands = blocks.find(({ label }) => label.startsWith("Try it out"));
  const fields = [...part.matchAll(/<dt[^>]*>(.*?)<\/dt><dd[^>]*>(.*?)<\/dd>/gs)];
  return {
    client,
    files: blocks
      .filter((block) => block !== commands)
      .map(({ label, code }, index) => ({
        path: label,
        code,
        downloaded: decodeURIComponent(textOf(downloads[index]?.[1] ?? "")),
      })),
    commands: commands?.code ?? "",
    fields: Object.fromEntries(fields.map(([, name = "", value = ""]) => [textOf(name), textOf(value)])),
  };
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'", "#39": "'" };

/** The text of a piece of HTML, as a person marks and copies it. */
function textOf(html: string): string {
  return html.replace(/<[^>]*>/g, "").replace(/&([\w#]+);/g, (entity, name) => entities[name] ?? entity);
}
