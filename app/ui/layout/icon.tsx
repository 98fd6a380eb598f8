/** Names of the drawings in public/icons.svg. */
export type IconName =
  | "overview"
  | "bucket"
  | "key"
  | "members"
  | "usage"
  | "invoice"
  | "plan"
  | "quota"
  | "audit"
  | "settings"
  | "token"
  | "account"
  | "jobs"
  | "bell"
  | "mail"
  | "shield";

/** A small drawing beside words that say the same, so that it is hidden from screen readers. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      className="size-5 shrink-0 fill-none stroke-current stroke-[1.6]"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <use href={`/icons.svg#${name}`} />
    </svg>
  );
}
