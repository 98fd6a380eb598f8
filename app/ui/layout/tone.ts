/** What a message or a state means to the reader. */
export type Tone = "neutral" | "info" | "success" | "warning" | "danger";
