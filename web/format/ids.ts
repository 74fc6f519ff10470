/** The first eight characters: what people read out, and type to confirm. */
export const shortId = (id: string): string => id.slice(0, 8);
