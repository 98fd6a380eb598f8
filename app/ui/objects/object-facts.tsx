import { useTranslation } from "react-i18next";
import type { ObjectFound } from "#app/domain/objects/read-object.ts";
import { type Description, DescriptionList } from "../layout/description-list.tsx";
import { Card, Section } from "../layout/section.tsx";
import { Bytes, Count, Timestamp } from "../values.tsx";
import { displayKey } from "./object-address.ts";
import { ObjectName } from "./object-name.tsx";

export type ObjectFactsProps = Pick<ObjectFound, "details" | "shown" | "tags"> & { objectKey: string };

/** What is known of an object, or of one version of it, without its content. */
export function ObjectFacts({ objectKey, details, shown, tags }: ObjectFactsProps) {
  const { t } = useTranslation();
  // The list of versions knows the most important, where the object itself was not told.
  const known = details ?? (shown?.isDeleteMarker ? null : shown);
  const modified = (details ?? shown)?.lastModified;
  const versionId = details?.versionId ?? shown?.versionId;
  return (
    <>
      <Section title={t("objects.object.details")}>
        <Card>
          <DescriptionList
            items={[
              { term: t("objects.object.fullName"), details: <Text>{objectKey}</Text> },
              ...(known
                ? [
                    { term: t("objects.size"), details: <ExactBytes value={known.sizeBytes} /> },
                    { term: t("objects.storageClass"), details: known.storageClass },
                  ]
                : []),
              ...(details
                ? [{ term: t("objects.object.contentType"), details: <Text>{details.contentType}</Text> }]
                : []),
              ...(modified
                ? [
                    {
                      term: t("objects.lastModified"),
                      details: <Timestamp at={modified} style="exact" />,
                    },
                  ]
                : []),
              ...(known ? [{ term: t("objects.object.etag"), details: <Text>{known.etag}</Text> }] : []),
              ...Object.entries(details?.checksums ?? {}).map(([algorithm, checksum]) => ({
                term: t("objects.object.checksum", { algorithm }),
                details: <Text>{checksum}</Text>,
              })),
              ...(versionId
                ? [{ term: t("objects.object.versionId"), details: <Text>{versionId}</Text> }]
                : []),
            ]}
          />
        </Card>
      </Section>
      <Named title={t("objects.object.tags")} values={tags?.map(({ key, value }) => [key, value]) ?? []} />
      <Named
        title={t("objects.object.metadata")}
        description={t("objects.object.metadataText")}
        values={Object.entries(details?.metadata ?? {})}
      />
      <Named
        title={t("objects.object.headers")}
        description={t("objects.object.headersText")}
        values={Object.entries(details?.headers ?? {})}
      />
    </>
  );
}

/** What programs wrote, as they wrote it. */
function Text({ children }: { children: string }) {
  return (
    <code className="break-all whitespace-pre-wrap">
      <ObjectName name={children} />
    </code>
  );
}

function ExactBytes({ value }: { value: bigint }) {
  if (value < 1024n) return <Bytes value={value} />;
  return (
    <>
      <Bytes value={value} /> (<Count value={value} /> B)
    </>
  );
}

/** Nothing where there are none. */
function Named(props: { title: string; description?: string; values: [string, string][] }) {
  const { title, description, values } = props;
  if (values.length === 0) return null;
  const items: Description[] = values.map(([name, value]) => ({
    term: displayKey(name),
    details: <Text>{value}</Text>,
  }));
  return (
    <Section title={title} description={description}>
      <Card>
        <DescriptionList items={items} />
      </Card>
    </Section>
  );
}
