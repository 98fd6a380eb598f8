import type { ReactNode } from "react";
import { describedBy, FieldBox, FieldGroup, FieldNotes, type FieldProps, type FormField } from "./field.tsx";

export interface Choice {
  value: string;
  label: ReactNode;
  hint?: ReactNode;
}

/** One of a few, all in sight. */
export function RadioGroupField({ options, ...props }: FieldProps & { options: Choice[] }) {
  const { field } = props;
  return (
    <FieldGroup {...props}>
      {options.map((option, index) => (
        <ChoiceRow key={option.value} field={field} option={option} index={index}>
          <input
            {...choiceProps(field, option, index)}
            type="radio"
            required={field.required}
            defaultChecked={field.defaultValue === option.value}
          />
        </ChoiceRow>
      ))}
    </FieldGroup>
  );
}

/** More than this scroll in a box of their own, so that what follows stays in reach. */
const longList = 10;

/** Any number of a few, or of many. */
export function CheckboxGroupField({ options, ...props }: FieldProps & { options: Choice[] }) {
  const { field } = props;
  return (
    <FieldGroup {...props}>
      <div className={options.length > longList ? "long-list" : "space-y-1"}>
        {options.map((option, index) => (
          <ChoiceRow key={option.value} field={field} option={option} index={index}>
            <input
              {...choiceProps(field, option, index)}
              type="checkbox"
              defaultChecked={field.defaultOptions.includes(option.value)}
            />
          </ChoiceRow>
        ))}
      </div>
    </FieldGroup>
  );
}

/** Yes or no: the label says what a tick means. */
export function CheckboxField({ field, label, hint }: FieldProps) {
  return (
    <FieldBox field={field}>
      <label className="flex w-fit gap-2.5 py-1" htmlFor={field.id}>
        <input
          id={field.id}
          name={field.name}
          type="checkbox"
          required={field.required}
          defaultChecked={field.defaultChecked}
          aria-invalid={field.ariaInvalid}
          aria-describedby={describedBy(field, hint)}
          className={tickBox}
        />
        <span>{label}</span>
      </label>
      <div className="ps-8">
        <FieldNotes field={field} hint={hint} />
      </div>
    </FieldBox>
  );
}

const tickBox = "mt-0.5 size-5.5 shrink-0";

/** The first choice has the field's own id: it is where the error summary's link leads. */
function choiceId(field: FormField, index: number) {
  return index === 0 ? field.id : `${field.id}-${index}`;
}

function choiceProps(field: FormField, option: Choice, index: number) {
  return {
    id: choiceId(field, index),
    name: field.name,
    value: option.value,
    "aria-describedby": option.hint ? `${choiceId(field, index)}-hint` : undefined,
    className: tickBox,
  };
}

function ChoiceRow(props: { field: FormField; option: Choice; index: number; children: ReactNode }) {
  const { field, option, index, children } = props;
  const id = choiceId(field, index);
  return (
    <div>
      <label className="flex w-fit gap-2.5 py-1" htmlFor={id}>
        {children}
        <span>{option.label}</span>
      </label>
      {option.hint && (
        <p id={`${id}-hint`} className="ps-8 text-sm text-muted">
          {option.hint}
        </p>
      )}
    </div>
  );
}
