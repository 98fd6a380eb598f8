/** How long a link may work, in hours. A signature lasts seven days at most (AWS Signature Version 4). */
export const shareHours = [1, 8, 24, 72, 168] as const;

export const defaultShareHours = 24;
