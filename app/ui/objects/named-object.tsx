import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type Description, DescriptionList } from "../layout/description-list.tsx";
import { ObjectName } from "./object-name.tsx";

export interface NamedObjectProps {
  objectKey: string;
  versionId?: string | undefined;
  /** More about it. */
  items?: Description[];
}

/** Which object, or which version of one, a form is about: by its whole name. */
export function NamedObject({ objectKey, versionId, items = [] }: NamedObjectProps) {
  const { t } = useTranslation();
  return (
    <DescriptionList
      items={[
        { term: t("objects.object.fullName"), details: <Code>{<ObjectName name={objectKey} />}</Code> },
        ...(versionId ? [{ term: t("objects.object.versionId"), details: <Code>{versionId}</Code> }] : []),
        ...items,
      ]}
    />
  );
}

function Code({ children }: { children: ReactNode }) {
  return <code className="break-all whitespace-pre-wrap">{children}</code>;
}
