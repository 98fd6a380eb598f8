import { useTranslation } from "react-i18next";
import { Link } from "react-router";

/** The bucket: a rim, a handle, and how full it is. Takes the colour of the text around it. */
export function BucketMark({ className, empty = false }: { className?: string; empty?: boolean }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true" focusable="false">
      <path d="M5.5 11.5a10.5 9.5 0 0 1 21 0" fill="none" stroke="currentColor" strokeWidth="2.25" />
      {!empty && (
        <path d="M7.1 18.5c3-2.6 5.9 2 8.9 0s5.9-2.6 8.9 0l-1.2 8.8H8.3z" className="fill-highlight" />
      )}
      <path
        d="M4.5 11.5h23M6.2 11.5l2.2 16h15.2l2.2-16"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.25"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

/** The mark and the name, a link to where the reader's work begins. */
export function Brand({ home, suffix }: { home: string; suffix?: string }) {
  const { t } = useTranslation();
  return (
    <Link
      to={home}
      className="inline-flex items-center gap-2 text-lg font-bold sm:text-xl text-inherit no-underline hover:text-inherit"
    >
      <BucketMark className="size-8 shrink-0" />
      <span className="whitespace-nowrap">
        {t("common.productName")}
        {suffix && <span className="font-normal opacity-85"> {suffix}</span>}
      </span>
    </Link>
  );
}
