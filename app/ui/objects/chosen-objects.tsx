import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ObjectParameters } from "./object-address.ts";
import { ObjectName } from "./object-name.tsx";

export interface ChosenObjectsProps {
  label: string;
  objects: ObjectParameters[];
  /** More about one of them, below its name. */
  note?: (index: number) => ReactNode;
}

/** Objects and versions by their whole names. */
export function ChosenObjects({ label, objects, note }: ChosenObjectsProps) {
  const { t } = useTranslation();
  return (
    <ul aria-label={label} className="list-disc space-y-1 ps-6">
      {objects.map(({ key, versionId }, index) => (
        <li key={`${key}\n${versionId ?? ""}`}>
          <code className="break-all whitespace-pre-wrap">
            <ObjectName name={key} />
          </code>
          {versionId && (
            <span className="block text-sm text-muted">
              {t("objects.deletionOfMany.versionOf", { versionId })}
            </span>
          )}
          {note?.(index)}
        </li>
      ))}
    </ul>
  );
}
