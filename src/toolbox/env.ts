export type Environment = Readonly<Record<string, string | undefined>>;

/** The process environment: the one place of the library where it is read. */
export const processEnvironment = (): Environment => process.env;
