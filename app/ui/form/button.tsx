import type { ComponentProps, ReactNode } from "react";
import { Link, type LinkProps } from "react-router";

export type ButtonVariant = "primary" | "secondary" | "danger" | "quiet";

const shape =
  "inline-flex min-h-10 shrink-0 items-center wrap-normal justify-center gap-2 rounded-control border px-4 py-1.5 font-semibold no-underline print:hidden";

const variants: Record<ButtonVariant, string> = {
  primary:
    "border-accent bg-accent text-on-accent hover:border-accent-strong hover:bg-accent-strong hover:text-on-accent",
  secondary: "border-control bg-surface text-ink hover:bg-sunken hover:text-ink",
  danger:
    "border-danger bg-danger text-on-danger hover:border-danger-strong hover:bg-danger-strong hover:text-on-danger",
  quiet: "border-transparent text-accent hover:bg-accent-soft",
};

/** The classes of a button, for elements that look like one. */
export function buttonClass(variant: ButtonVariant): string {
  return `${shape} ${variants[variant]}`;
}

export interface ButtonProps extends Omit<ComponentProps<"button">, "className"> {
  variant?: ButtonVariant;
}

/** A button that submits nothing unless told so. */
export function Button({ variant = "secondary", type = "button", ...props }: ButtonProps) {
  return <button {...props} type={type} className={buttonClass(variant)} />;
}

export interface ButtonLinkProps extends Omit<LinkProps, "className" | "children"> {
  variant?: ButtonVariant;
  children: ReactNode;
}

/** A link to a page where something is done: it looks like a button and stays a link. */
export function ButtonLink({ variant = "secondary", ...props }: ButtonLinkProps) {
  return <Link {...props} className={buttonClass(variant)} />;
}
