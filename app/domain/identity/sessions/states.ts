/** Which of their sessions a person ends at once: all but the one that they are in, or that one too. */
export const sessionScopes = ["others", "all"] as const;
