/** Chords whose end is decided here. Signatures and results are kombu's JSON, which may hold what `jsonb` refuses. */
export const CHORD_TABLE_SQL = `
CREATE TABLE workertoolbox.chord (
  group_id text PRIMARY KEY,
  scope text NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'claimed', 'ended')),
  opened timestamptz NOT NULL DEFAULT now(),
  look_every float8 NOT NULL DEFAULT 1,
  next_look timestamptz NOT NULL DEFAULT now(),
  give_up timestamptz,
  parts text[] NOT NULL,
  added text[] NOT NULL DEFAULT '{}',
  header text,
  body text
);
CREATE INDEX chord_due ON workertoolbox.chord (scope, next_look) WHERE state <> 'ended' AND header IS NOT NULL;
CREATE INDEX chord_opened ON workertoolbox.chord (opened);`;

/** Workers that end chords, each as long as it says so. */
export const CHORD_KEEPER_TABLE_SQL = `
CREATE TABLE workertoolbox.chord_keeper (
  keeper text PRIMARY KEY,
  scope text NOT NULL,
  until timestamptz NOT NULL
);`;
